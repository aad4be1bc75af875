namespace Tape.Simulator.Faults;

/// <summary>One line of a fault script.</summary>
/// <param name="Line">1-based line number in the script.</param>
/// <param name="When">What triggers it.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Connection">Route (<c>public</c>, <c>market</c>, <c>business</c>…) or connection number that it is for; null for all.</param>
/// <param name="Stream">Only frames of this stream (drop, duplicate, reorder, mute); null for all.</param>
/// <param name="Duration">How long (stall, slow, refuse, rest and its likes, skew, mute, ignore, unanswered), or after how long the connection ends
/// (notice).</param>
/// <param name="Count">How many frames (drop, duplicate, garbage), how many places later (reorder), bytes a second (slow), or the longest
/// request that is heard (ignore).</param>
/// <param name="Status">HTTP status (refuse, rest) or close code (close).</param>
/// <param name="RetryAfterSeconds">The <c>Retry-After</c> header of refuse and rest.</param>
/// <param name="Garbage">What rubbish.</param>
public sealed record FaultRule(
    int Line, FaultTrigger When, FaultKind Kind, string? Connection, string? Stream, TimeSpan Duration, int Count, int Status, int RetryAfterSeconds,
        GarbageKind Garbage)
{
    /// <summary>Only REST requests of this path; null for all.</summary>
    public string? Path { get; init; }

    /// <summary>By how much REST answers are late (rest-slow), or the clock in them is ahead (skew; below 0: behind).</summary>
    public TimeSpan By { get; init; }

    /// <summary>Whether the rule is for a connection.</summary>
    public bool IsFor(string route, int connection) =>
        Connection is null || Connection == route || Connection == connection.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>What can go wrong on purpose. The spelling in scripts is in <see cref="FaultScript"/>.</summary>
public enum FaultKind
{
    Cut,
    Reset,
    CutInside,
    Stall,
    StallInside,
    Slow,
    Drop,
    Duplicate,
    Reorder,
    Garbage,
    Refuse,
    Rest,
    Close,
    RestSlow,
    RestGarbage,
    Skew,

    /// <summary>The venue's books begin again, as after a restart of its service.</summary>
    Restart,

    /// <summary>Connections end; where the venue has a word for it, it announces the end.</summary>
    Notice,

    /// <summary>Data frames are kept back, of one stream or of all; answers go on.</summary>
    Mute,

    /// <summary>Requests to subscribe or unsubscribe are passed over, those beyond a length or all.</summary>
    Ignore,

    /// <summary>Requests to subscribe or unsubscribe are taken and not answered.</summary>
    Unanswered,
}

/// <summary>What kind of rubbish a garbage fault sends.</summary>
public enum GarbageKind
{
    /// <summary>A whole text message that is cut-off JSON.</summary>
    Text,

    /// <summary>A whole binary message of random bytes.</summary>
    Binary,

    /// <summary>A text message that is not UTF-8: clients must close with 1007.</summary>
    Utf8,

    /// <summary>Bytes that are no WebSocket frame: clients must close with 1002.</summary>
    Frame,
}

/// <summary>When a fault happens: at a time since the simulator's start, or at a data frame of each connection.</summary>
/// <param name="After">Time since the start (or between repetitions); null for frame triggers.</param>
/// <param name="Frame">1-based number of the data frame of a connection (or the distance between repetitions); 0 for time triggers.</param>
/// <param name="Repeats">Whether it happens again and again.</param>
public readonly record struct FaultTrigger(TimeSpan? After, long Frame, bool Repeats)
{
    /// <summary>Whether this frame of a connection triggers it.</summary>
    public bool IsFrame(long frameNumber) => Frame > 0 && (Repeats ? frameNumber % Frame == 0 : frameNumber == Frame);
}
