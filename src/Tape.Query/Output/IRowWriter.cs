using Tape.Query.Engine;
using Tape.Tables.DuckDb;

namespace Tape.Query.Output;

/// <summary>Writes an answer in one format. Called in the order Begin, Write…, End.</summary>
public interface IRowWriter
{
    /// <summary>Takes the columns.</summary>
    void Begin(IReadOnlyList<QueryColumn> columns);

    /// <summary>Takes rows.</summary>
    /// <returns>False when no more are wanted.</returns>
    bool Write(DuckDbChunk chunk);

    /// <summary>Writes what is left and flushes. The stream stays open.</summary>
    void End();
}
