using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.DuckDb;
using Tape.Tables.Parts;
using Tape.Tables.Rows;

namespace Tape.Tables.Compaction;

/// <summary>
/// Finds the rows of a table that another connection had brought before. Of an event that came n times over one connection and m times over another, the larger
/// number stays: what a connection repeats are events of their own. Of copies the one received first stays, then the one first on the tape.
/// <para>Only where connections meet is it looked for, so that a day costs little more than its overlaps: among the rows of a connection until ten minutes
/// after an earlier one of the same symbol ended, or after its own first row. Those are compared with what other connections brought from ten minutes before
/// its first row on.</para>
/// </summary>
internal static class DuplicateSearch
{
    /// <summary>The table of (tape_seq, idx) that are left out.</summary>
    public const string Removed = "removed_rows";

    /// <summary>For how long after connections met a late copy is looked for, nanoseconds.</summary>
    public const long SlackNanos = 600_000_000_000;

    private const string Spans = "spans";
    private const string Looks = "looks";
    private const string Keys = "candidate_keys";
    private const string Candidates = "candidate_rows";
    private const string Frames = "removed_frames";
    private const string OnSeveralConnections =
        $"SELECT * FROM {Candidates} WHERE event_key IN (SELECT event_key FROM {Candidates} GROUP BY event_key HAVING min(conn) <> max(conn))";

    /// <summary>Fills <see cref="Removed"/>.</summary>
    /// <param name="raw">All files of the table, venue and day.</param>
    /// <returns>How many rows are left out.</returns>
    public static long Run(DuckDbConnection connection, string vault, RawTable table, IReadOnlyList<SealedFile> raw)
    {
        Drop(connection);
        connection.Execute($"CREATE TEMP TABLE {Removed} (tape_seq BIGINT, idx INTEGER)");
        FindMeetings(connection, PartSelect.Of(vault, table, raw));
        var meetings = Meetings(connection);
        SealedFile[] near = [.. raw.Where(file => meetings.Any(meeting => file.ReceivedMax >= meeting.From && file.ReceivedMin <= meeting.To))];
        if (near.Length == 0) return 0;
        var (source, rule) = (PartSelect.Of(vault, table, near), DuplicateRule.Of(table));
        connection.Execute(
            $"""
            CREATE TEMP TABLE {Keys} AS SELECT DISTINCT hash({rule.Key}) AS key FROM ({source}) AS s
            WHERE EXISTS (SELECT 1 FROM {Looks} l WHERE l.symbol IS NOT DISTINCT FROM s.symbol AND l.conn = s.conn AND epoch_ns(s.ts_recv) <= l.until)
            """);
        // What is read of these rows further, for their hashes too, is read from here and not from the files.
        connection.Execute($"CREATE TEMP TABLE {Candidates} AS SELECT * FROM (SELECT *, hash({rule.Key}) AS event_key FROM ({source})) WHERE event_key IN "
            + $"(SELECT key FROM {Keys})");
        if (rule.IsByFrame) RemoveFrames(connection, rule);
        else connection.Execute($"INSERT INTO {Removed} SELECT tape_seq, idx FROM ({Copies(OnSeveralConnections, rule.Key, "tape_seq, idx")})");
        return Count(connection, Removed);
    }

    /// <summary>A condition on the columns of <c>s</c>: the row is one that is left out.</summary>
    public const string IsRemoved = $"EXISTS (SELECT 1 FROM {Removed} r WHERE r.tape_seq = s.tape_seq AND r.idx = s.idx)";

    /// <summary>The hash of the rows that the last <see cref="Run"/>, which found some, left out.</summary>
    public static RowHash HashOfRemoved(DuckDbConnection connection, RawTable table)
    {
        using var result = connection.Query($"SELECT * EXCLUDE (event_key) FROM {Candidates} AS s WHERE {IsRemoved}");
        return ChunkHasher.Sum(result, table.Columns).Hash;
    }

    /// <summary>For each symbol and connection that is not its first: until when copies are looked for among its rows.</summary>
    private static void FindMeetings(DuckDbConnection connection, string source)
    {
        connection.Execute($"CREATE TEMP TABLE {Spans} AS SELECT symbol, conn, min(epoch_ns(ts_recv)) AS first, max(epoch_ns(ts_recv)) AS last FROM ("
            + $"{source}) GROUP BY symbol, conn");
        connection.Execute(
            $"""
            CREATE TEMP TABLE {Looks} AS SELECT later.symbol, later.conn, later.first - {SlackNanos} AS since, greatest(max(earlier.last), later.first) + {SlackNanos} AS until
            FROM {Spans} later JOIN {Spans} earlier ON earlier.symbol IS NOT DISTINCT FROM later.symbol AND (earlier.first < later.first OR (earlier.first = later.first AND earlier.conn < later.conn))
            GROUP BY later.symbol, later.conn, later.first
            """);
    }

    /// <summary>The times in which connections met, of all symbols, joined where they overlap.</summary>
    private static List<(long From, long To)> Meetings(DuckDbConnection connection)
    {
        var meetings = new List<(long From, long To)>();
        using var rows = connection.Query($"SELECT since, until FROM {Looks} ORDER BY since");
        while (rows.Next(out var chunk))
            for (var row = 0; row < chunk.Rows; row++)
            {
                var (from, to) = (chunk.Values<long>(0)[row], chunk.Values<long>(1)[row]);
                if (meetings.Count > 0 && from <= meetings[^1].To) meetings[^1] = (meetings[^1].From, Math.Max(meetings[^1].To, to));
                else meetings.Add((from, to));
            }

        return meetings;
    }

    /// <summary>Forgets what the last search made.</summary>
    public static void Drop(DuckDbConnection connection)
    {
        foreach (var name in new[] { Removed, Spans, Looks, Keys, Candidates, Frames }) connection.Execute($"DROP TABLE IF EXISTS {name}");
    }

    private static void RemoveFrames(DuckDbConnection connection, DuplicateRule rule)
    {
        const string Content = "hash(idx, side, price, qty)";
        // The levels of a frame, whatever their number, as two words: with the ids they tell it from any other.
        var signature = $"SELECT conn, tape_seq, min(ts_recv) AS ts_recv, min(idx) AS idx, symbol, kind, first_update_id, update_id, prev_update_id, "
            + $"ts_event, ts_sent, count(*) AS levels, sum({Content}) AS content_sum, bit_xor({Content}) AS content_xor FROM ({OnSeveralConnections}) GROUP "
            + $"BY ALL";
        connection.Execute($"CREATE TEMP TABLE {Frames} AS SELECT conn, tape_seq, symbol, kind, update_id FROM ("
            + $"{Copies(signature, $"{rule.Key}, levels, content_sum, content_xor", "conn, tape_seq, symbol, kind, update_id")})");
        connection.Execute(
            $"""
            INSERT INTO {Removed} SELECT tape_seq, idx FROM {Candidates} AS s
            WHERE EXISTS (SELECT 1 FROM {Frames} f WHERE f.tape_seq = s.tape_seq AND f.symbol IS NOT DISTINCT FROM s.symbol AND f.kind IS NOT DISTINCT FROM s.kind AND f.update_id IS NOT DISTINCT FROM s.update_id)
            """);
    }

    /// <summary>
    /// The rows that are a further copy of one before: the n-th on its connection of an event that another connection brought at least n times, earlier.
    /// </summary>
    private static string Copies(string rows, string key, string columns) =>
        $"""
        SELECT {columns} FROM (SELECT *, row_number() OVER (PARTITION BY {key}, nth ORDER BY ts_recv, tape_seq, idx) AS copy
          FROM (SELECT *, row_number() OVER (PARTITION BY {key}, conn ORDER BY tape_seq, idx) AS nth FROM ({rows}))) WHERE copy > 1
        """;

    private static long Count(DuckDbConnection connection, string table)
    {
        using var result = connection.Query($"SELECT count(*) FROM {table}");
        return result.Next(out var chunk) ? chunk.Values<long>(0)[0] : 0;
    }
}
