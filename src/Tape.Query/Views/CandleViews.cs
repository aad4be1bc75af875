using Tape.Candles.Files;
using Tape.Core.Candles;
using Tape.Query.Snapshots;
using Tape.Tables.DuckDb;

namespace Tape.Query.Views;

/// <summary>
/// The view <c>candles</c>: the rows of all day files, with their sixteen columns; and <c>candles_filled</c>: its minutes, and those between them that are
/// proven to have had no trade, at the close before them. They are there only for a question that names them, since the list of files is long. A range of time
/// means the time at which candles open.
/// </summary>
internal static class CandleViews
{
    /// <summary>The view with minutes that had no trade.</summary>
    public const string FilledName = "candles_filled";

    private const string Name = "candles";

    /// <summary>
    /// An unbroken run of minutes has one number: the minute less its place among the symbol's minutes. A minute without a trade before the run's first candle
    /// has no price that is known.
    /// </summary>
    private const string Filled =
        $"""
        CREATE VIEW {FilledName} AS WITH minutes AS (
            SELECT venue, symbol, open_time_ms, open, high, low, close, volume, quote_volume, vwap, trades_count, source, ingest_time_ms, false AS is_filled
            FROM {Name} WHERE timeframe = '1m'
            UNION ALL SELECT venue, symbol, open_time_ms, NULL, NULL, NULL, NULL, 0, 0, NULL, 0, NULL, NULL, true FROM {EmptyMinutesTable.FullName}),
        runs AS (
            SELECT *, open_time_ms // 60000 - row_number() OVER (PARTITION BY venue, symbol ORDER BY open_time_ms) AS run FROM minutes),
        carried AS (
            SELECT *, last_value(close IGNORE NULLS) OVER (PARTITION BY venue, symbol, run ORDER BY open_time_ms ROWS UNBOUNDED PRECEDING) AS price FROM runs)
        SELECT venue, symbol, '1m' AS timeframe, open_time_ms, open_time_ms + 59999 AS close_time_ms, coalesce(open, price) AS open, coalesce(high, price) AS high,
            coalesce(low, price) AS low, price AS close, volume, quote_volume, vwap, trades_count, source, ingest_time_ms, is_filled
        FROM carried WHERE price IS NOT NULL
        """;

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
            connection.Execute(Filled);
        }
        catch (DuckDbException fault)
        {
            throw new DamagedException($"day files of candles can't be read: {fault.Message}",
                "A damaged file is set aside and made again when candles of its day are next written; a foreign one must be taken out of data/.", fault);
        }
    }

    /// <summary>Day files that may hold candles of the range, where they were asked for, as paths on this machine.</summary>
    public static IEnumerable<string> Paths(VaultSnapshot snapshot, QueryRange range) =>
        (snapshot.Candles ?? []).Where(file => range.TouchesDay(file.Day)).Select(file => file.In(snapshot.Vault));

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
