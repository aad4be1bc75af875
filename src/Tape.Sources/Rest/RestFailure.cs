namespace Tape.Sources.Rest;

/// <summary>In which way a request failed.</summary>
public enum RestFailureKind
{
    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>No whole answer within the time limit.</summary>
    TooSlow,

    /// <summary>The venue has trouble of its own (5xx).</summary>
    ServerTrouble,

    /// <summary>A good status with a body that is not what was asked for.</summary>
    Malformed,

    /// <summary>A body beyond the limit.</summary>
    TooLong,

    /// <summary>The venue asks for fewer requests (429).</summary>
    TooMany,

    /// <summary>The venue has banned our address for a while (418).</summary>
    Banned,

    /// <summary>The venue does not serve our region (451).</summary>
    RegionBlocked,

    /// <summary>The venue refused the request (other 4xx) or sent us elsewhere (3xx).</summary>
    Refused,

    /// <summary>Nothing was sent: after failures in a row the breaker is open.</summary>
    BreakerOpen,
}

/// <summary>Why there is no answer.</summary>
/// <param name="Kind">The way it failed.</param>
/// <param name="Message">Found, expected, where.</param>
/// <param name="Hint">What to do.</param>
/// <param name="NotBefore">Asking again is useless before this time; null where nothing is known.</param>
public sealed record RestFailure(RestFailureKind Kind, string Message, string Hint, UnixNanos? NotBefore = null)
{
    /// <summary>Whether trying again soon may help.</summary>
    public bool IsPassing => Kind is RestFailureKind.Unreachable or RestFailureKind.TooSlow or RestFailureKind.ServerTrouble or RestFailureKind.Malformed
        or RestFailureKind.TooMany;

    /// <summary>Whether the venue or the way to it is unwell, which the breaker counts.</summary>
    public bool IsUnwell => IsPassing && Kind != RestFailureKind.TooMany;

    public TapeException ToException() => new(Message, Hint);
}

/// <summary>How a request ended: exactly one of both is given.</summary>
public readonly record struct RestOutcome(RestAnswer? Answer, RestFailure? Failure)
{
    public static implicit operator RestOutcome(RestAnswer answer) => new(answer, null);

    public static implicit operator RestOutcome(RestFailure failure) => new(null, failure);
}
