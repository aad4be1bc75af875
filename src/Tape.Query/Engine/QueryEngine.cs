using Tape.Query.Snapshots;
using Tape.Query.Views;
using Tape.Tables.DuckDb;

namespace Tape.Query.Engine;

/// <summary>
/// Answers SQL over a snapshot with an in-memory DuckDB of its own that can reach nothing else. Bounded in memory; cancelled by its token. Foreign SQL should
/// run in a process of its own all the same (<c>tape query</c> does that). Not thread-safe.
/// </summary>
public sealed class QueryEngine : IDisposable
{
    private readonly DuckDbDatabase _database;
    private readonly DuckDbConnection _connection;
    private readonly CancellationToken _cancel;
    private readonly CancellationTokenRegistration _onCancel;
    private readonly VaultSnapshot _snapshot;
    private readonly QueryRange _range;
    private readonly List<LazyView> _empty = [.. LazyView.All];
    private Timer? _interrupts;

    private QueryEngine(DuckDbDatabase database, VaultSnapshot snapshot, QueryRange range, CancellationToken cancel)
    {
        (_database, _snapshot, _range) = (database, snapshot, range);
        _connection = database.Connect();
        _cancel = cancel;
        _onCancel = cancel.Register(InterruptUntilDisposed);
    }

    /// <summary>Opens a snapshot for questions.</summary>
    /// <param name="now">What <c>now()</c> gives.</param>
    /// <param name="outPath">The one file that <see cref="WriteParquet"/> may write, absolute; null for none.</param>
    /// <param name="cancel">Ends what runs, from any thread.</param>
    /// <param name="watched">Whether <see cref="Progress"/> will be asked.</param>
    /// <exception cref="DuckDbException">The native library is missing, or the limits are too narrow for the tail.</exception>
    /// <exception cref="Core.Errors.DamagedException">A part can't be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static QueryEngine Open(VaultSnapshot snapshot, QueryRange range, QueryLimits limits, UnixNanos now, string? outPath, CancellationToken cancel,
        bool watched = false)
    {
        cancel.ThrowIfCancellationRequested();
        var database = DuckDbDatabase.Open(new DuckDbOptions(limits.MemoryBytes, limits.SpillFolder, limits.SpillBytes));
        var engine = new QueryEngine(database, snapshot, range, cancel);
        try
        {
            if (watched) engine._connection.Execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false");
            RawViews.Create(engine._connection, snapshot, range, now);
            IEnumerable<string> paths = [.. RawViews.Paths(snapshot, range), .. CandleViews.Paths(snapshot, range)];
            RawViews.Fence(engine._connection, outPath is null ? paths : [.. paths, outPath]);
            return engine;
        }
        catch (Exception fault)
        {
            engine.Dispose();
            // Whatever an interrupted step reports (a part that "can't be read" too), the reason is the cancellation.
            if (cancel.IsCancellationRequested) throw Cancelled(fault, cancel);
            throw;
        }
    }

    /// <summary>Runs one SELECT.</summary>
    /// <exception cref="QueryRefusedException">It is not exactly one SELECT, or it reaches outside.</exception>
    /// <exception cref="DuckDbException">It is wrong, or failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public QueryRows Run(string sql) => Explained(() =>
    {
        var columns = Check(sql);
        var list = string.Join(", ", columns.Select((column, index) => QueryColumn.SqlOf(index + 1, column.Kind)));
        return new QueryRows(columns, _connection.Query($"SELECT {list} FROM query({Sql.Text(sql)})"), Explain);
    });

    /// <summary>Writes the answer to the file that was named on opening, as Parquet with zstd.</summary>
    /// <returns>Rows written.</returns>
    /// <inheritdoc cref="Run" path="/exception"/>
    public long WriteParquet(string sql, string outPath) => Explained(() =>
    {
        Check(sql);
        using var result = _connection.Query(
            $"COPY (FROM query({Sql.Text(sql)})) TO {Sql.Text(outPath)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)");
        return result.Next(out var chunk) ? chunk.Values<long>(0)[0] : 0;
    });

    /// <summary>How far the question is, 0 to 1, from any thread; null when it can't be told.</summary>
    public double? Progress() => _connection.Progress();

    public void Dispose()
    {
        _onCancel.Dispose();
        _interrupts?.Dispose();
        _connection.Dispose();
        _database.Dispose();
    }

    /// <summary>An interrupt ends only what runs at that instant; the next statement of the same question would go on without it.</summary>
    private void InterruptUntilDisposed() => _interrupts = new Timer(_ => _connection.Interrupt(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));

    private List<QueryColumn> Check(string sql)
    {
        SqlGuard.Check(_connection, sql);
        foreach (var view in _empty.FindAll(view => view.AreNamedIn(sql)))
        {
            view.Fill(_connection, _snapshot, _range);
            _empty.Remove(view);
        }

        using var statement = _connection.Prepare(sql);
        if (!statement.IsSelect) throw new QueryRefusedException("found another statement, expected a SELECT: a query reads and changes nothing");
        if (statement.Parameters > 0)
            throw new QueryRefusedException($"found {statement.Parameters} placeholders (? or $1); nothing gives them values",
                "Write the values into the SQL.");
        return DistinctNames(statement.Columns);
    }

    private static List<QueryColumn> DistinctNames(IReadOnlyList<DuckDbColumn> found)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var columns = new List<QueryColumn>(found.Count);
        foreach (var column in found)
        {
            var name = column.Name;
            for (var number = 1; !names.Add(name); number++) name = $"{column.Name}_{number}";
            columns.Add(new(name, QueryColumn.KindOf(column.Type)));
        }
        return columns;
    }

    private T Explained<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DuckDbException fault)
        {
            throw Explain(fault);
        }
    }

    private static OperationCanceledException Cancelled(Exception fault, CancellationToken cancel) => new("the query was cancelled", fault, cancel);

    private Exception Explain(DuckDbException fault)
    {
        if (_cancel.IsCancellationRequested) return Cancelled(fault, _cancel);
        var mixesZones = fault.Message.Contains("TIMESTAMP_NS", StringComparison.Ordinal)
            && fault.Message.Contains("TIMESTAMP WITH TIME ZONE", StringComparison.Ordinal);
        return mixesZones
            ? new DuckDbException(fault.Message,
                "Our times are UTC without a zone. Write now() instead of current_timestamp: WHERE ts_recv > now() - INTERVAL 5 MINUTE")
            : fault;
    }
}
