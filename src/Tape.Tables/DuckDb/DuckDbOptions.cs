namespace Tape.Tables.DuckDb;

/// <summary>Limits of one in-memory DuckDB. Extensions are never loaded or installed.</summary>
/// <param name="MemoryBytes">What its buffers may hold; past it, it spills to <paramref name="SpillFolder"/> or fails.</param>
/// <param name="SpillFolder">An existing folder of the caller's for spilled data; null forbids spilling.</param>
/// <param name="SpillBytes">What it may spill.</param>
/// <param name="Threads">Worker threads.</param>
public sealed record DuckDbOptions(long MemoryBytes = 256L << 20, string? SpillFolder = null, long SpillBytes = 4L << 30, int Threads = 1)
{
    /// <summary>The settings by DuckDB's names.</summary>
    internal IEnumerable<(string Name, string Option)> Settings()
    {
        yield return ("memory_limit", $"{MemoryBytes}B");
        yield return ("threads", Threads.ToString(System.Globalization.CultureInfo.InvariantCulture));
        yield return ("temp_directory", SpillFolder ?? "");
        if (SpillFolder is not null) yield return ("max_temp_directory_size", $"{SpillBytes}B");
        yield return ("autoinstall_known_extensions", "false");
        yield return ("autoload_known_extensions", "false");
        yield return ("allow_community_extensions", "false");
        yield return ("allow_persistent_secrets", "false");
        yield return ("preserve_insertion_order", "true");
    }
}
