using Tape.Core.Values;

namespace Tape.Query.Sanity;

/// <summary>
/// Finds where the ids of a venue do not follow one another: within a connection in the order received, and from its first id back to the next lower one that any other
/// connection delivered. So two connections that deliver side by side, while one is replaced, are no jump.
/// </summary>
public static class IdJumps
{
    /// <summary>Jumps that are listed; more are only counted per stream.</summary>
    public const int ListedMax = 1000;

    // Aggregates (first_id is there) and single trades number apart. A step of 0 or less is a repetition, not a hole.
    private const string Trades = """
        SELECT exchange, symbol, CASE WHEN grouped THEN 'aggregates' ELSE 'trades' END AS kind, conn, own_before IS NOT NULL AS same, epoch_ns(ts_recv) AS received,
               coalesce(own_before, any_before) AS "before", id AS "after"
        FROM (
          SELECT exchange, symbol, conn, ts_recv, grouped, id,
                 lag(id) OVER (PARTITION BY exchange, symbol, grouped, conn ORDER BY tape_seq, idx) AS own_before,
                 lag(id) OVER (PARTITION BY exchange, symbol, grouped ORDER BY id, tape_seq, idx) AS any_before
          FROM (SELECT exchange, symbol, conn, tape_seq, idx, ts_recv, first_id IS NOT NULL AS grouped, TRY_CAST(trade_id AS BIGINT) AS id FROM trades))
        WHERE id - coalesce(own_before, any_before) > 1
        """;

    private const string Book = """
        SELECT exchange, symbol, 'book' AS kind, conn, own_before IS NOT NULL AS same, epoch_ns(ts_recv) AS received, coalesce(own_before, any_before) AS "before", previous AS "after"
        FROM (
          SELECT exchange, symbol, conn, ts_recv, previous,
                 lag(id) OVER (PARTITION BY exchange, symbol, conn ORDER BY tape_seq) AS own_before,
                 lag(id) OVER (PARTITION BY exchange, symbol ORDER BY id, tape_seq) AS any_before
          FROM (SELECT exchange, symbol, conn, tape_seq, min(ts_recv) AS ts_recv, min(update_id) AS id, min(prev_update_id) AS previous
                FROM book WHERE kind = 'delta' AND prev_update_id IS NOT NULL GROUP BY exchange, symbol, conn, tape_seq))
        WHERE previous > coalesce(own_before, any_before)
        """;

    /// <summary>The listed jumps in the order of time, and how many there are by (exchange, symbol, kind) with the ids left out.</summary>
    public static (IReadOnlyList<IdJump> Listed, IReadOnlyDictionary<(string Exchange, string Symbol, string Kind), (long Jumps, long Missing)> Counts) Find(QueryEngine engine)
    {
        var listed = new List<IdJump>();
        var counts = new Dictionary<(string, string, string), (long Jumps, long Missing)>();
        foreach (var sql in new[] { Trades, Book })
        {
            using var rows = engine.Run($"SELECT * FROM ({sql}) ORDER BY received");
            while (rows.Next(out var chunk))
            {
                for (var row = 0; row < chunk.Rows; row++)
                {
                    var jump = new IdJump(
                        chunk.Text(0, row)!, chunk.Text(1, row)!, chunk.Text(2, row)!, chunk.Values<long>(3)[row], !chunk.IsNull(4, row) && chunk.Values<bool>(4)[row],
                        new UnixNanos(chunk.Values<long>(5)[row]), chunk.Values<long>(6)[row], chunk.Values<long>(7)[row]);
                    if (listed.Count < ListedMax) listed.Add(jump);
                    var key = (jump.Exchange, jump.Symbol, jump.Kind);
                    var sum = counts.GetValueOrDefault(key);
                    counts[key] = (sum.Jumps + 1, sum.Missing + Missing(jump));
                }
            }
        }

        return (listed, counts);
    }

    /// <summary>Ids left out by a jump of trade ids; book ids are not contiguous, so there only the jump counts.</summary>
    private static long Missing(IdJump jump) => jump.Kind == "book" ? 0 : jump.After - jump.Before - 1;
}
