using Tape.Derive.Books;
using Tape.Storage.Tapes.Notes;

namespace Tape.Derive.Activity;

/// <summary>What the end of a tape tells of the recording; immutable.</summary>
/// <param name="NextSeq">Number of the record after the last one that was taken in.</param>
/// <param name="LastTick">Wall clock of the last tick; null before the first.</param>
/// <param name="Health">The last that the present run said of itself; null before the first time.</param>
/// <param name="HealthAt">When it said so.</param>
/// <param name="StartedAt">When the present or last run began; null when that lies before the snapshot.</param>
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

/// <summary>What one stream brought lately.</summary>
/// <param name="Key">The stream.</param>
/// <param name="IsOpen">Whether a connection that is to carry it is open.</param>
/// <param name="Frames">Frames since the snapshot begins.</param>
/// <param name="Dropped">Frames declared dropped since then.</param>
/// <param name="RecentFrames">Frames of the present minute and those before it that are kept.</param>
/// <param name="RecentDropped">Drops of the same time.</param>
/// <param name="LastReceived">Latest receive time; null without a frame.</param>
public sealed record StreamActivity(StreamKey Key, bool IsOpen, long Frames, long Dropped, long RecentFrames, long RecentDropped, UnixNanos? LastReceived)
{
    /// <summary>Whether a book kept out of the stream could be trusted; null for a stream without one, and where books are not followed.</summary>
    public BookStatus? Book { get; init; }
}

/// <summary>What a minute of recording brought. Minutes change at ticks.</summary>
/// <param name="Start">Its beginning on the recorder's wall clock.</param>
/// <param name="Frames">Frames on the tape.</param>
/// <param name="FrameBytes">Their bytes.</param>
/// <param name="Dropped">Frames declared dropped.</param>
/// <param name="Interruptions">Connections lost, drops declared, pauses of storage and crashes; not our own stops and rotations.</param>
public sealed record ActivityMinute(UnixNanos Start, long Frames, long FrameBytes, long Dropped, int Interruptions);
