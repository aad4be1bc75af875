namespace Tape.Core.Health;

/// <summary>The state of a recorder, worst last.</summary>
public enum RecorderState
{
    /// <summary>Not known yet: the server has not read the end of the tape.</summary>
    Starting,

    /// <summary>Normal.</summary>
    Ready,

    /// <summary>Recording, but the queue is above 80 %, frames were dropped, or a stream is silent or unproven.</summary>
    Degraded,

    /// <summary>No socket is connected.</summary>
    Offline,

    /// <summary>Nothing can be stored: writer failure, full disk, fatal fault.</summary>
    Error,
}

/// <summary>State with its reasons.</summary>
/// <param name="State">The worst of all reasons' states.</param>
/// <param name="Why">One sentence a reason; empty when READY.</param>
/// <param name="Advice">What to do about it, one sentence a reason.</param>
public sealed record StateReport(RecorderState State, IReadOnlyList<string> Why, IReadOnlyList<string> Advice)
{
    /// <summary>Nothing is known yet.</summary>
    public static StateReport Starting { get; } = new(RecorderState.Starting, ["starting"], []);

    /// <summary>The spelling that logs and screens use: STARTING, READY, DEGRADED, OFFLINE, ERROR.</summary>
    public string Name => State.ToString().ToUpperInvariant();
}

/// <summary>Health of one stream.</summary>
public enum StreamHealth
{
    /// <summary>Its connection is not open.</summary>
    Down,

    /// <summary>Connected, no frame yet, still within the expected time.</summary>
    Waiting,

    /// <summary>Frames arrive at the expected pace (or none are expected and its connection passes traffic).</summary>
    Live,

    /// <summary>No frame for longer than is normal for it.</summary>
    Silent,

    /// <summary>Never delivered on this connection within the expected time: an acknowledgement proves nothing.</summary>
    Unproven,

    /// <summary>The venue refused to subscribe it.</summary>
    Refused,

    /// <summary>The venue answered to none of our requests for it, and sent nothing.</summary>
    Unacknowledged,
}
