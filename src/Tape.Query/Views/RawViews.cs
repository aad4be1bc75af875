using Tape.Query.Snapshots;
using Tape.Storage.Files;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.DuckDb;
using Tape.Tables.Parts;
using Tape.Tables.Rows;

namespace Tape.Query.Views;

/// <summary>Builds what a query sees in an empty DuckDB: the views, <c>now()</c>, and the fence around them.</summary>
internal static class RawViews
{
    private const string TailSchema = LazyView.Schema;

    /// <summary>Tables whose rows may carry some of their values only, so that a view with the last ones carried forward helps.</summary>
    private static readonly RawTable[] StateTables = [RawSchema.Bbo, RawSchema.MarkPrice, RawSchema.Funding, RawSchema.OpenInterest];

    /// <summary>Makes a view of every table over the snapshot, in the range.</summary>
    /// <param name="now">What <c>now()</c> gives during the query.</param>
    public static void Create(DuckDbConnection connection, VaultSnapshot snapshot, QueryRange range, UnixNanos now)
    {
        connection.Execute($"CREATE SCHEMA {TailSchema}");
        connection.Execute($"CREATE MACRO now() AS make_timestamp_ns({now.Value})");
        foreach (var table in RawSchema.Tables) CreateTable(connection, table, snapshot, range);
        foreach (var table in StateTables) CreateState(connection, table);
        CreateMarketTrades(connection);
        if (snapshot.Finished is { } finished) CompactViews.Create(connection, snapshot.Vault, finished, range);
        foreach (var view in LazyView.All) view.Create(connection);
        if (snapshot.Candles is not null) CandleViews.Create(connection, snapshot, range);
    }

    /// <summary>Leaves nothing to reach but the given files, and no setting to change.</summary>
    public static void Fence(DuckDbConnection connection, IEnumerable<string> paths)
    {
        connection.Execute($"SET GLOBAL allowed_paths = {Sql.List(paths)}::VARCHAR[]");
        connection.Execute("SET GLOBAL enable_external_access = false");
        connection.Execute("SET GLOBAL lock_configuration = true");
    }

    /// <summary>The parts of a snapshot that touch the range, and files of finished days where they were asked for, as paths on this machine.</summary>
    public static IEnumerable<string> Paths(VaultSnapshot snapshot, QueryRange range) =>
        snapshot.Files.Concat(snapshot.Finished ?? []).Where(range.Touches).Select(file => EntryPath.Absolute(snapshot.Vault, file.Path));

    private static void CreateTable(DuckDbConnection connection, RawTable table, VaultSnapshot snapshot, QueryRange range)
    {
        var tail = snapshot.Tail[table];
        var rows = new int[tail.Count];
        for (var i = 0; i < rows.Length; i++) rows[i] = i;
        RowLoader.Load(connection, TailSchema, table.Name, tail, rows);
        SealedFile[] parts = [.. snapshot.Files.Where(file => file.Table == table.Name && range.Touches(file))];
        var columns = string.Join(", ", table.Columns.Select(column => column.Name));
        var condition = range.SqlCondition();
        var where = condition.Length == 0 ? "" : $" WHERE {condition}";
        var sealedRows = parts.Length == 0 ? "" : $"{PartSelect.Of(snapshot.Vault, table, parts, condition)} UNION ALL ";
        try
        {
            connection.Execute($"CREATE VIEW {table.Name} AS {sealedRows}SELECT {columns} FROM {TailSchema}.{table.Name}{where}");
        }
        catch (DuckDbException fault)
        {
            throw new DamagedException($"the parts of {table} can't be read: {fault.Message}",
                "Run 'tape sanity'; it names the parts that are missing or damaged.", fault);
        }
    }

    /// <summary>
    /// <c>trades_market</c>: each market trade once. Rows out of snapshots, fills of the insurance fund and of deleveraging, and Binance's <c>NA</c> rows
    /// without a price are left out, and of a trade that a second connection brought again only the first row stays. Aggregates and single trades, where both
    /// are recorded, are apart.
    /// </summary>
    private static void CreateMarketTrades(DuckDbConnection connection) => connection.Execute(
        """
        CREATE VIEW trades_market AS SELECT * FROM trades
        WHERE price > 0 AND (flags IS NULL OR NOT regexp_matches(lower(flags), '(^|,)(snapshot|insurance_fund|adl|na)(,|$)'))
        QUALIFY trade_id IS NULL
            OR row_number() OVER (PARTITION BY exchange, symbol, trade_id, first_id IS NULL, price, qty, ts_event ORDER BY tape_seq, idx) = 1
        """);

    /// <summary>The view with a table's values as they held at each row; the table itself where frames leave nothing out.</summary>
    public static string StateOf(RawTable table) => StateTables.Contains(table) ? $"{table.Name}_state" : table.Name;

    /// <summary>
    /// <c>bbo_state</c> and the like: each row with the values that it leaves out taken from the row before it of the same symbol and connection, in the order
    /// received. A new connection begins with nothing, since what it missed is unknown. Ids stay those of the row.
    /// </summary>
    private static void CreateState(DuckDbConnection connection, RawTable table)
    {
        var columns = table.Columns.Select((column, index) => index < RawSchema.Common.Count || column.Type == RawType.Integer
            ? column.Name
            : $"last_value({column.Name} IGNORE NULLS) OVER carried AS {column.Name}");
        connection.Execute(
            $"CREATE VIEW {table.Name}_state AS SELECT {string.Join(", ", columns)} FROM {table.Name} WINDOW carried AS (PARTITION BY exchange, symbol, conn "
                + $"ORDER BY tape_seq, idx ROWS UNBOUNDED PRECEDING)");
    }
}
