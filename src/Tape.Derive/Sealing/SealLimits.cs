namespace Tape.Derive.Sealing;

/// <summary>When a range of the tape is sealed: at the first limit reached. The range is a matter of convenience; the rows do not depend on it.</summary>
public sealed record SealLimits
{
    /// <summary>Time since the last seal. Default 60 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Rows of all tables. Default 1 million.</summary>
    public int Rows { get; init; } = 1_000_000;

    /// <summary>Bytes of frames. Default 256 MiB.</summary>
    public long TapeBytes { get; init; } = 256 << 20;

    /// <summary>
    /// While a range of at least so many rows that reached a limit is sealed, the next one is derived: two ranges in memory at most. Default 100,000.
    /// </summary>
    public int OverlapRows { get; init; } = 100_000;
}
