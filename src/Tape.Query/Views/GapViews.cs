using Tape.Derive.Gaps;
using Tape.Query.Snapshots;
using Tape.Storage.Gaps;
using Tape.Tables.DuckDb;

namespace Tape.Query.Views;

/// <summary>The views <c>gaps</c> and <c>coverage</c>. Times are ours; a gap without an end has no <c>to_time</c>.</summary>
internal sealed class GapViews() : LazyView("gaps", "coverage")
{
    private static readonly string[] Numbers =
        ["stream", "cause", "from_ns", "to_ns", "id_from", "id_to", "missing", "repaired", "conn_before", "conn_after", "seq_before", "seq_after"];

    private static readonly string[] Spans = ["stream", "from_ns", "to_ns"];

    public override void Create(DuckDbConnection connection)
    {
        connection.Execute($"CREATE TABLE {Schema}.gap_streams (stream BIGINT, exchange VARCHAR, channel VARCHAR, symbol VARCHAR, refusal VARCHAR)");
        connection.Execute($"CREATE TABLE {Schema}.gap_rows ({string.Join(", ", Numbers.Select(name => $"{name} BIGINT"))})");
        connection.Execute($"CREATE TABLE {Schema}.cover_rows ({string.Join(", ", Spans.Select(name => $"{name} BIGINT"))})");
        var causes = $"[{string.Join(", ", GapCauses.All.Select(cause => Sql.Text(cause.Name())))}]";
        var known = (string name) => $"nullif(g.{name}, {long.MinValue + 1} - 1) AS {name}";
        connection.Execute(
            $"""
            CREATE VIEW gaps AS SELECT exchange, channel, symbol, {causes}[g.cause] AS cause, make_timestamp_ns(g.from_ns) AS from_time,
            CASE WHEN g.to_ns > {long.MinValue + 1} THEN make_timestamp_ns(g.to_ns) END AS to_time, {known("id_from")}, {known("id_to")}, {known("missing")}, g.repaired = 1 AS repaired,
            nullif(g.conn_before, 0) AS conn_before, nullif(g.conn_after, 0) AS conn_after, {known("seq_before")}, {known("seq_after")},
            CASE WHEN g.cause = {(int)GapCause.Refused} THEN refusal END AS reason FROM {Schema}.gap_rows g JOIN {Schema}.gap_streams USING (stream)
            """);
        connection.Execute($"CREATE VIEW coverage AS SELECT exchange, channel, symbol, make_timestamp_ns(from_ns) AS from_time, make_timestamp_ns(to_ns) AS "
            + $"to_time FROM {Schema}.cover_rows JOIN {Schema}.gap_streams USING (stream)");
    }

    public override void Fill(DuckDbConnection connection, VaultSnapshot snapshot, QueryRange range)
    {
        if (snapshot.Gaps?.Invoke() is not { } report) return;
        Insert(connection, "gap_streams", report.Streams.Select(standing => SqlOf(standing.Stream)));
        Append(connection, "gap_rows", Numbers.Length, report.Gaps.Where(gap => range.Touches(gap.From, gap.To)), (in GapEntry gap, Span<long> row) =>
        {
            (row[0], row[1], row[2], row[3], row[4], row[5], row[6]) = (gap.Stream, (long)gap.Cause, gap.From, gap.To, gap.IdFrom, gap.IdTo, gap.Missing);
            (row[7], row[8], row[9], row[10], row[11]) = (gap.Repaired ? 1 : 0, gap.ConnBefore, gap.ConnAfter, gap.SeqBefore, gap.SeqAfter);
        });
        Append(connection, "cover_rows", Spans.Length, Coverage.Of(report).Where(span => range.Touches(span.From, span.To)),
            (in CoverageSpan span, Span<long> row) =>
            (row[0], row[1], row[2]) = (span.Stream, span.From, span.To));
    }

    private delegate void RowOf<T>(in T item, Span<long> row);

    private static void Append<T>(DuckDbConnection connection, string table, int columns, IEnumerable<T> items, RowOf<T> fill)
    {
        using var appender = connection.Append(Schema, table, [.. Enumerable.Repeat(DuckDbType.BigInt, columns)]);
        var row = new long[columns];
        foreach (var group in items.Chunk(DuckDbVectors.RowsMax))
        {
            for (var number = 0; number < group.Length; number++)
            {
                fill(group[number], row);
                for (var column = 0; column < columns; column++) appender.Chunk.Values<long>(column)[number] = row[column];
            }

            appender.Send(group.Length);
        }

        appender.Close();
    }

    private static string SqlOf(GapStream stream) =>
        $"({stream.Number}, {Sql.Text(stream.Key.Venue)}, {Sql.Text(stream.Key.Channel)}, {Sql.Text(stream.Key.Symbol)}, "
            + $"{(stream.Refusal is { } words ? Sql.Text(words) : "NULL")})";
}
