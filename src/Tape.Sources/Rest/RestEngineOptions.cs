namespace Tape.Sources.Rest;

/// <summary>Limits of an engine. All are limits with the behaviour that they name.</summary>
public sealed record RestEngineOptions
{
    /// <summary>One try, from sending to the whole body, ends after this time.</summary>
    public TimeSpan TryTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Times that one request is sent at most.</summary>
    public int TriesMax { get; init; } = 4;

    /// <summary>The longest wait before the second try; it doubles with each, and chance takes up to half of it away.</summary>
    public TimeSpan RetryFirst { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait between tries.</summary>
    public TimeSpan RetryLongest { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A request waits for this long at most for the venue's limits to let it through; when it would be longer it fails at once.</summary>
    public TimeSpan WaitMax { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Tries that fail in a row until the breaker opens.</summary>
    public int BreakerAfter { get; init; } = 5;

    /// <summary>How long the breaker stays open the first time; it doubles each time that the try after it fails.</summary>
    public TimeSpan BreakerFirst { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest time that the breaker stays open.</summary>
    public TimeSpan BreakerLongest { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Bytes of a body; a longer one fails.</summary>
    public int BodyBytesMax { get; init; } = Storage.Answers.AnswersLog.BodyBytesMax;
}
