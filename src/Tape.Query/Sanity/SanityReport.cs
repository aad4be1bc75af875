using Tape.Derive.Survey;

namespace Tape.Query.Sanity;

/// <summary>What a check of a vault found.</summary>
/// <param name="Findings">What is wrong with stored data, as sentences; empty for a sound vault.</param>
/// <param name="Deep">Whether everything was derived again.</param>
/// <param name="Survey">What the tape tells.</param>
/// <param name="Seals">Committed seals.</param>
/// <param name="Files">Their files.</param>
/// <param name="Rows">Rows in the files.</param>
/// <param name="TailRows">Rows of the tape after the last seal.</param>
/// <param name="RowsProven">Rows that were derived again and found the same; 0 unless deep.</param>
/// <param name="Undecodable">Frames that could not be decoded.</param>
/// <param name="Streams">What each stream brought and misses.</param>
/// <param name="Downtimes">When planned sockets were not connected.</param>
/// <param name="Jumps">Where ids jump, the first <see cref="IdJumps.ListedMax"/>.</param>
public sealed record SanityReport(
    IReadOnlyList<string> Findings, bool Deep, TapeSurvey Survey, int Seals, int Files, long Rows, long TailRows, long RowsProven, long Undecodable,
    IReadOnlyList<StreamReport> Streams, IReadOnlyList<Downtime> Downtimes, IReadOnlyList<IdJump> Jumps)
{
    /// <summary>What became of the records right before the first one on the tape, as a sentence; null when none has expired.</summary>
    public string? Expired { get; init; }

    /// <summary>Whether stored data is as it must be. Downtimes and jumps are facts about the recording, not faults of the data.</summary>
    public bool IsSound => Findings.Count == 0;
}

/// <summary>A stream.</summary>
/// <param name="Jumps">Places where its ids jump within a connection.</param>
/// <param name="MissingIds">Ids left out there.</param>
/// <param name="Downtimes">How often its socket was not connected.</param>
/// <param name="DownFor">For how long in all; open ends are not counted.</param>
public sealed record StreamReport(StreamKey Key, long Frames, long Rows, long Dropped, long Jumps, long MissingIds, int Downtimes, TimeSpan DownFor);

/// <summary>Ids that do not follow one another.</summary>
/// <param name="Kind">The channel.</param>
/// <param name="Connection">The connection on which it shows; the jump may lie between it and the one before.</param>
/// <param name="SameConnection">Whether both ids came over it: then no downtime explains it.</param>
/// <param name="At">Receive time of the row after the jump.</param>
/// <param name="Before">The last id before.</param>
/// <param name="After">The id that came, or that the frame names as its predecessor.</param>
public sealed record IdJump(string Exchange, string Symbol, string Kind, long Connection, bool SameConnection, UnixNanos At, long Before, long After);
