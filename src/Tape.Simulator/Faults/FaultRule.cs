namespace Tape.Simulator.Faults;

/// <summary>One line of a fault script.</summary>
/// <param name="Line">1-based line number in the script.</param>
/// <param name="When">What triggers it.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Connection">Route (<c>public</c>, <c>market</c>, <c>business</c>…) or connection number that it is for; null for all.</param>
/// <param name="Stream">Only frames of this stream (drop, duplicate, reorder); null for all.</param>
/// <param name="Duration">How long (stall, slow, refuse, rest and its likes, skew), or after how long the connection ends (notice).</param>
/// <param name="Count">How many frames (drop, duplicate, garbage), how many places later (reorder), or bytes a second (slow).</param>
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
