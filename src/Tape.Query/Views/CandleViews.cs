using Tape.Candles.Files;
using Tape.Core.Candles;
using Tape.Query.Snapshots;
using Tape.Tables.DuckDb;

namespace Tape.Query.Views;

/// <summary>
/// The view <c>candles</c>: the rows of all day files, with their sixteen columns. It is there only for a question that names it, since its list is long. A
/// range
/// of time means the time at which candles open.
/// </summary>
internal static class CandleViews
{
    private const string Name = "candles";

    /// <summary>Whether a query may look at it.</summary>
    public static bool IsNamedIn(string sql) => sql.Contains(Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Makes it.</summary>
    /// <exception cref="DamagedException">A day file can't be read.</exception>
    public static void Create(DuckDbConnection connection, VaultSnapshot snapshot, QueryRange range)
    {
        string[] touched = [.. Paths(snapshot, range)];
        var columns = string.Join(", ", CandleColumns.All.Select(column => column.Name));
        var rows = touched.Length == 0
            ? $"SELECT {string.Join(", ", CandleColumns.All.Select(column => $"NULL::{SqlType(column)} AS {column.Name}"))} WHERE false"
            : $"SELECT {columns} FROM read_parquet({Sql.List(touched)}, hive_partitioning = false){Condition(range)}";
        try
        {
            connection.Execute($"CREATE VIEW {Name} AS {rows}");
        }
        catch (DuckDbException fault)
        {
            throw new DamagedException($"day files of candles can't be read: {fault.Message}",
                "A damaged file is set aside and made again when candles of its day are next written; a foreign one must be taken out of data/.", fault);
        }
    }

    /// <summary>Day files that may hold candles of the range, where they were asked for, as paths on this machine.</summary>
    public static IEnumerable<string> Paths(VaultSnapshot snapshot, QueryRange range) =>
        (snapshot.Candles ?? []).Where(file => Touches(range, file)).Select(file => file.In(snapshot.Vault));

    /// <summary>Whether a file may hold candles that open in a range.</summary>
    private static bool Touches(QueryRange range, DayFileEntry file)
    {
        var from = new CandleDay("", "", file.Timeframe, file.Day).StartMs * UnixNanos.PerMillisecond;
        return range.Touches(from, from + UnixNanos.PerDay - 1);
    }

    private static string Condition(QueryRange range)
    {
        var conditions = new List<string>(2);
        // A candle that opens within the millisecond of the limit opens at its beginning.
        if (range.From is { } from) conditions.Add($"open_time_ms >= {Math.Ceiling(from.Value / (decimal)UnixNanos.PerMillisecond)}");
        if (range.ToExcl is { } to) conditions.Add($"open_time_ms < {Math.Ceiling(to.Value / (decimal)UnixNanos.PerMillisecond)}");
        return conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
    }

    private static string SqlType(CandleColumn column) => column.Type switch
    {
        CandleColumnType.Integer => "BIGINT",
        CandleColumnType.Number => "DOUBLE",
        CandleColumnType.Boolean => "BOOLEAN",
        _ => "VARCHAR",
    };
}
