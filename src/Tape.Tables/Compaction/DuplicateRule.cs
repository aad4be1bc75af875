using Tape.Storage.Schema;

namespace Tape.Tables.Compaction;

/// <summary>
/// Which rows of two connections are the same event, as SQL. Trades: symbol, trade id (aggregates and single fills are numbered apart), price, quantity and
/// time of the event, since a venue may begin its ids again. Quotes: symbol, update id
/// and values. Book: whole frames with the same symbol, kind, update ids and levels. Everything else, and what has no id: all of the venue's columns.
/// </summary>
/// <param name="Key">Expressions that are equal (NULL equals NULL) for rows that may be the same event.</param>
/// <param name="IsByFrame">Whether frames are compared as a whole: their rows of one symbol share the ids.</param>
internal sealed record DuplicateRule(string Key, bool IsByFrame)
{
    /// <summary>The rule of a table.</summary>
    public static DuplicateRule Of(RawTable table)
    {
        if (table == RawSchema.Trades)
            return new($"symbol, trade_id, first_id IS NULL, price, qty, ts_event, "
                + Unless("trade_id", ["ts_sent", .. Own(table, "trade_id", "price", "qty")]), false);
        if (table == RawSchema.Bbo) return new($"symbol, {string.Join(", ", Own(table))}, {Unless("update_id", ["ts_event", "ts_sent"])}", false);
        if (table == RawSchema.Book)
            return new($"symbol, kind, first_update_id, update_id, prev_update_id, {Unless("update_id", ["ts_event", "ts_sent"])}", true);
        return new($"symbol, ts_event, ts_sent, {string.Join(", ", Own(table))}", false);
    }

    private static IEnumerable<string> Own(RawTable table, params string[] without) =>
        table.Columns.Skip(RawSchema.Common.Count).Select(column => column.Name).Except(without);

    /// <summary>Columns that count only where there is no id.</summary>
    private static string Unless(string id, IEnumerable<string> columns) =>
        string.Join(", ", columns.Select(column => $"CASE WHEN {id} IS NULL THEN {column} END"));
}
