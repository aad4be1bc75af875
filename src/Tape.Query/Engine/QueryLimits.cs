namespace Tape.Query.Engine;

/// <summary>What one query may use.</summary>
/// <param name="MemoryBytes">DuckDB's buffers.</param>
/// <param name="Timeout">Time until it is ended.</param>
/// <param name="SpillFolder">An existing folder of the query's own to spill to; null forbids spilling.</param>
/// <param name="SpillBytes">What it may spill.</param>
public sealed record QueryLimits(long MemoryBytes = 1L << 30, TimeSpan? Timeout = null, string? SpillFolder = null, long SpillBytes = 4L << 30)
{
    /// <summary>A question that takes so long or longer gets a line in <c>logs/slow-queries.jsonl</c>, when nothing else is said.</summary>
    public static readonly TimeSpan SlowDefault = TimeSpan.FromSeconds(1);

    /// <summary>The time limit when none is given.</summary>
    public static readonly TimeSpan TimeoutDefault = TimeSpan.FromMinutes(5);

    /// <summary>The least memory that a query is given.</summary>
    public const long MemoryBytesMin = 64L << 20;
}
