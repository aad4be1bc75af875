using Tape.Query.Engine;
using Tape.Query.Names;
using Tape.Query.Snapshots;
using Tape.Query.Views;
using Tape.Storage.Schema;
using Tape.Tables.DuckDb;

namespace Tape.Query.Last;

/// <summary>
/// Finds the newest row of each table for a symbol. It looks at the last minute in which the symbol was received, then further back for what is still missing,
/// so that the answer comes fast however much the vault holds.
/// </summary>
public static class LastRows
{
    /// <summary>Tables that are looked at.</summary>
    public static IReadOnlyList<RawTable> Tables { get; } = [RawSchema.Trades, RawSchema.Bbo, RawSchema.MarkPrice, RawSchema.Funding, RawSchema.OpenInterest];

    private static readonly TimeSpan?[] LooksBack = [TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1), null];

    /// <summary>Finds them, by venue and then in the order of <see cref="Tables"/>; a table without rows of the symbol is left out.</summary>
    /// <param name="symbol">As the venue writes it; upper and lower case are the same.</param>
    /// <param name="venue">Only of this venue; null or empty for all.</param>
    /// <exception cref="UnknownNameException">The vault has no such symbol or venue.</exception>
    /// <exception cref="TapeException">Nothing was received for it, or the vault can't be read.</exception>
    public static IReadOnlyList<LastRow> Find(VaultSnapshot snapshot, string symbol, string? venue, UnixNanos now, CancellationToken cancel)
    {
        var pick = KnownStreams.Of(snapshot).Pick(venue, null, symbol);
        var received = snapshot.Streams
            .Where(stream => stream.LastReceived is not null && pick.Takes(new(stream.Exchange, stream.Channel, stream.Symbol)))
            .Select(stream => stream.LastReceived!.Value).ToList();
        if (received.Count == 0)
            throw new TapeException($"{snapshot.Vault}: nothing was received for the symbol '{symbol}' yet", "'tape status' shows whether it is recorded.");
        var newest = new UnixNanos(received.Max());
        var found = new List<LastRow>();
        var missing = Tables.ToList();
        for (var look = 0; look < LooksBack.Length && missing.Count > 0; look++)
        {
            var range = new QueryRange(LooksBack[look] is { } span ? newest.Add(-span) : null, null);
            using var engine = QueryEngine.Open(snapshot, range, new QueryLimits(), now, null, cancel);
            missing.RemoveAll(table => Add(engine, table, pick, found, mayLack: look > 0));
        }

        return [.. found.OrderBy(row => row.Exchange, StringComparer.Ordinal).ThenBy(row => row.Symbol, StringComparer.Ordinal)
            .ThenBy(row => RawSchema.Find(row.Table)!.Index)];
    }

    /// <summary>Adds the newest rows of a table, with what they leave out as it was before on the same connection.</summary>
    /// <param name="mayLack">Whether a row counts of which a value is not known; a longer look may know it.</param>
    private static bool Add(QueryEngine engine, RawTable table, StreamPick pick, List<LastRow> found, bool mayLack)
    {
        var own = table.Columns.Skip(RawSchema.Common.Count).ToList();
        var columns = own.Select(column => column.Type == RawType.Time ? $"epoch_ns({column.Name}) AS {column.Name}" : column.Name);
        var ofVenue = string.IsNullOrEmpty(pick.Venue) ? "" : $" AND exchange = {Sql.Text(pick.Venue)}";
        using var rows = engine.Run(
            $"""
            SELECT exchange, symbol, epoch_ns(ts_recv), epoch_ns(ts_event), {string.Join(", ", columns)} FROM {RawViews.StateOf(table)}
            WHERE symbol = {Sql.Text(pick.Symbol!)}{ofVenue}
            QUALIFY row_number() OVER (PARTITION BY exchange, symbol ORDER BY ts_recv DESC, tape_seq DESC, idx DESC) = 1
            """);
        var newest = new List<LastRow>();
        var (isState, isLacking) = (RawViews.StateOf(table) != table.Name, false);
        while (rows.Next(out var chunk))
            for (var row = 0; row < chunk.Rows; row++)
            {
                newest.Add(new LastRow(table.Name, chunk.Text(0, row)!, chunk.Text(1, row)!, new UnixNanos(chunk.Values<long>(2)[row]),
                    chunk.IsNull(3, row) ? null : Time(chunk.Values<long>(3)[row]), Values(own, rows, chunk, row)));
                isLacking |= isState && newest[^1].Values.Count < own.Count;
            }

        if (newest.Count == 0 || (isLacking && !mayLack)) return false;
        found.AddRange(newest);
        return true;
    }

    private static List<KeyValuePair<string, object>> Values(List<RawColumn> own, QueryRows rows, DuckDbChunk chunk, int row)
    {
        var values = new List<KeyValuePair<string, object>>();
        for (var column = 4; column < rows.Columns.Count; column++)
        {
            if (chunk.IsNull(column, row)) continue;
            object value = rows.Columns[column].Kind switch
            {
                QueryKind.Number => chunk.Values<double>(column)[row],
                QueryKind.Integer when own[column - 4].Type == RawType.Time => Time(chunk.Values<long>(column)[row]),
                QueryKind.Integer => chunk.Values<long>(column)[row],
                _ => chunk.Text(column, row)!,
            };
            values.Add(new(rows.Columns[column].Name, value));
        }
        return values;
    }

    private static string Time(long nanos) => new UnixNanos(nanos).ToString();
}

/// <summary>The newest row of a table for a symbol.</summary>
/// <param name="Table">Table name.</param>
/// <param name="Exchange">Venue name.</param>
/// <param name="Symbol">As sent.</param>
/// <param name="ReceivedAt">Our time of it.</param>
/// <param name="EventTime">The venue's time of it, ISO 8601; null when it gave none.</param>
/// <param name="Values">The table's own columns that are known: numbers as <see cref="double"/>, ids as <see cref="long"/>, texts and times as
/// <see cref="string"/>.</param>
public sealed record LastRow(string Table, string Exchange, string Symbol, UnixNanos ReceivedAt, string? EventTime, IReadOnlyList<KeyValuePair<string,
    object>> Values);
