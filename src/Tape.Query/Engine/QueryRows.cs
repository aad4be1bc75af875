using Tape.Tables.DuckDb;

namespace Tape.Query.Engine;

/// <summary>The answer to a query, chunk by chunk. Dispose it before the engine is asked again. Not thread-safe.</summary>
public sealed class QueryRows : IDisposable
{
    private readonly DuckDbResult _result;
    private readonly Func<DuckDbException, Exception> _explain;

    internal QueryRows(IReadOnlyList<QueryColumn> columns, DuckDbResult result, Func<DuckDbException, Exception> explain)
    {
        Columns = columns;
        _result = result;
        _explain = explain;
    }

    /// <summary>Columns in the order of the SELECT; names are distinct.</summary>
    public IReadOnlyList<QueryColumn> Columns { get; }

    /// <summary>Moves to the next rows.</summary>
    /// <returns>False after the last one.</returns>
    /// <exception cref="DuckDbException">The query failed on the way.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public bool Next(out DuckDbChunk chunk)
    {
        try
        {
            return _result.Next(out chunk);
        }
        catch (DuckDbException fault)
        {
            throw _explain(fault);
        }
    }

    public void Dispose() => _result.Dispose();
}
