namespace Tape.Storage.Retention;

/// <summary>How long the tape is kept. What comes first counts; both only ever delete segments that are sealed and verified.</summary>
public sealed record ExpiryRules
{
    /// <summary>
    /// A segment is due when its latest record is older than this, counted from the latest record of the newest finished segment. Default 7 days.
    /// </summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The oldest segments are due while all segments together take more bytes than this; null: no such limit.</summary>
    public long? KeepBytes { get; init; }

    /// <summary>
    /// Bytes that copies of undecodable frames may take in <c>tape/kept/</c>; at the limit segments that hold more of them stay. Default 1 GiB.
    /// </summary>
    public long KeptBytesMax { get; init; } = 1L << 30;
}
