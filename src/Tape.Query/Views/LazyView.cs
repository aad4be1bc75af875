using Tape.Query.Snapshots;
using Tape.Tables.DuckDb;

namespace Tape.Query.Views;

/// <summary>
/// Views that are there from the beginning and empty until a query names one of them: what they show is read only then. <see cref="All"/> is their list; a new
/// one needs nothing else.
/// </summary>
/// <param name="names">A query whose text holds one of these may look at the views.</param>
internal abstract class LazyView(params string[] names)
{
    /// <summary>Where the tables behind the views are.</summary>
    public const string Schema = "tape_tail";

    private const int RowsAtOnce = 500;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<LazyView> All { get; } = [new StreamsView(), new SegmentsView(), new InstrumentViews(), new GapViews(),
        new CandleFindingViews(), new EmptyMinutesTable()];

    /// <summary>Whether a query may look at these views, so that they have to be filled.</summary>
    public bool AreNamedIn(string sql) => Array.Exists(names, name => sql.Contains(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Makes them, without rows.</summary>
    public abstract void Create(DuckDbConnection connection);

    /// <summary>Adds what touches the range; called once.</summary>
    /// <exception cref="Core.Errors.TapeException">It can't be read.</exception>
    public abstract void Fill(DuckDbConnection connection, VaultSnapshot snapshot, QueryRange range);

    /// <summary>A view that shows a table as it is.</summary>
    protected static void CreateWithTable(DuckDbConnection connection, string name, string columns)
    {
        connection.Execute($"CREATE TABLE {Schema}.{name} ({columns})");
        connection.Execute($"CREATE VIEW {name} AS SELECT * FROM {Schema}.{name}");
    }

    /// <param name="rows">Each as SQL, in parentheses.</param>
    protected static void Insert(DuckDbConnection connection, string table, IEnumerable<string> rows)
    {
        foreach (var group in rows.Chunk(RowsAtOnce)) connection.Execute($"INSERT INTO {Schema}.{table} VALUES {string.Join(", ", group)}");
    }

    protected static string SqlTime(UnixNanos? time) => SqlTime(time?.Value);

    protected static string SqlTime(long? nanos) => nanos is { } value ? $"make_timestamp_ns({value})" : "NULL";

    protected static string SqlBoolean(bool value) => value ? "true" : "false";
}
