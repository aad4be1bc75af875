namespace Tape.Storage.Tapes.Notes;

/// <summary>How the recorder was at the moment of the note. The table <c>health</c> is derived from these; counts are those of the present run.</summary>
public abstract record HealthNote : Note
{
    internal override bool IsWhole => State is not null && Why is not null && Advice is not null && Streams is not null && Troubled is not null
        && !Why.Contains(null) && !Advice.Contains(null) && !Troubled.Contains(null);

    /// <summary>READY, DEGRADED, OFFLINE or ERROR.</summary>
    public string State { get; init; } = "";

    /// <summary>Since when it holds, nanoseconds since the epoch.</summary>
    public long Since { get; init; }

    /// <summary>The reasons, one sentence each; empty when READY.</summary>
    public string[] Why { get; init; } = [];

    /// <summary>What to do, one sentence a reason.</summary>
    public string[] Advice { get; init; } = [];

    /// <summary>Nanoseconds since the recorder started, on the monotonic clock.</summary>
    public long UptimeNanos { get; init; }

    /// <summary>Frames on the tape.</summary>
    public long Frames { get; init; }

    /// <summary>Their bytes.</summary>
    public long FrameBytes { get; init; }

    /// <summary>Frames that were received and thrown away.</summary>
    public long Dropped { get; init; }

    /// <summary>How full the queue is, 0 to 1.</summary>
    public double QueueUtilization { get; init; }

    /// <summary>Planned sockets.</summary>
    public int Connections { get; init; }

    /// <summary>Those of them that are open.</summary>
    public int ConnectionsOpen { get; init; }

    /// <summary>Streams by condition: live, waiting, silent, unproven, refused, down.</summary>
    public StreamCounts Streams { get; init; } = new();

    /// <summary>The first streams that are neither live nor waiting, with their condition.</summary>
    public TroubledStream[] Troubled { get; init; } = [];

    /// <summary>Free bytes on the volume of the tape; null where it could not be told.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>Our clock minus the venue's; null when that is not known.</summary>
    public long? ClockOffsetNanos { get; init; }
}

/// <summary>The state changed.</summary>
/// <param name="Before">The state until then.</param>
public sealed record StateNote(string Before) : HealthNote;

/// <summary>The recorder is alive.</summary>
/// <param name="EveryNanos">Time until the next one.</param>
public sealed record HeartbeatNote(long EveryNanos) : HealthNote;

/// <summary>How many streams are in which condition.</summary>
public sealed record StreamCounts(int Live = 0, int Waiting = 0, int Silent = 0, int Unproven = 0, int Refused = 0, int Down = 0);

/// <summary>A stream that needs looking after.</summary>
public sealed record TroubledStream(string Venue, string Channel, string Symbol, string Condition);
