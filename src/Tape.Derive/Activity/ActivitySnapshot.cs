using Tape.Core.Values;
using Tape.Storage.Tapes.Notes;

namespace Tape.Derive.Activity;

/// <summary>What the end of a tape tells of the recording; immutable.</summary>
/// <param name="NextSeq">Number of the record after the last one that was taken in.</param>
/// <param name="LastTick">Wall clock of the last tick; null before the first.</param>
/// <param name="Health">The last that the present run said of itself; null before the first time.</param>
/// <param name="HealthAt">When it said so.</param>
/// <param name="StartedAt">When the present or last run began; null when that lies before the picture.</param>
/// <param name="Stopped">How the run ended; null while it goes on, and when it ended by a crash.</param>
/// <param name="StoppedAt">When it did.</param>
/// <param name="Paused">Why storage takes nothing; null while it does.</param>
/// <param name="PausedAt">Since when.</param>
/// <param name="ConnectionsOpen">Connections that are open.</param>
/// <param name="Streams">By venue, channel and symbol.</param>
/// <param name="Minutes">The oldest first; the last one is not over.</param>
public sealed record ActivitySnapshot(
    long NextSeq, UnixNanos? LastTick, HealthNote? Health, UnixNanos? HealthAt, UnixNanos? StartedAt, StoppedNote? Stopped, UnixNanos? StoppedAt,
        PausedNote? Paused, UnixNanos? PausedAt,
    int ConnectionsOpen, IReadOnlyList<StreamActivity> Streams, IReadOnlyList<ActivityMinute> Minutes);
