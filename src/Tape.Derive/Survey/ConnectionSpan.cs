using Tape.Storage.Tapes.Notes;

namespace Tape.Derive.Survey;

/// <summary>One connection as the tape tells it.</summary>
/// <param name="Connection">Its number.</param>
/// <param name="Note">How it began.</param>
/// <param name="OpenedAt">When.</param>
/// <param name="OpenSeq">Number of the record that says so.</param>
public sealed record ConnectionSpan(long Connection, ConnectedNote Note, UnixNanos OpenedAt, long OpenSeq)
{
    /// <summary>Time of its last record on the tape.</summary>
    public UnixNanos LastAt { get; internal set; } = OpenedAt;

    /// <summary>Frames on the tape.</summary>
    public long Frames { get; internal set; }

    /// <summary>Frames declared dropped.</summary>
    public long Dropped { get; internal set; }

    /// <summary>Its last note; null when it is open, or when a crash ended it.</summary>
    public DisconnectedNote? End { get; internal set; }

    /// <summary>
    /// Number of the record that tells its end: that note, or the first record of the run after the crash; the largest number while it is open.
    /// </summary>
    public long EndSeq { get; internal set; } = long.MaxValue;

    /// <summary>A later run of the recorder began while it had no last note: it was ended by a crash.</summary>
    public bool Crashed { get; internal set; }

    /// <summary>Which planned socket it was.</summary>
    public (string Venue, string Route, int Shard) Slot => (Note.Venue, Note.Route, Note.Shard);
}

/// <summary>A time in which a planned socket was not connected: what the venue sent then is not on the tape.</summary>
/// <param name="From">Last record of the connection before.</param>
/// <param name="To">The next connected note; null when there is none yet.</param>
/// <param name="Cause">As in the disconnected note, or <c>crash</c>.</param>
/// <param name="Streams">What it was to carry.</param>
public sealed record Downtime(string Venue, string Route, int Shard, UnixNanos From, UnixNanos? To, string Cause, NotedStream[] Streams);
