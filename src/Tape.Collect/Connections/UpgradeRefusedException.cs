namespace Tape.Collect.Connections;

/// <summary>The other side spoke HTTP, but answered the request for a WebSocket with something else than 101.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="retryAfter">What the answer said in <c>Retry-After</c>, 0 or more; null where it did not.</param>
/// <param name="inner">What the client made of it.</param>
public sealed class UpgradeRefusedException(int status, TimeSpan? retryAfter, Exception? inner = null)
    : TapeException(string.Create(CultureInfo.InvariantCulture, $"found HTTP status {status}, expected 101 (a WebSocket)"), AccessRules.Advice(status), inner)
{
    /// <summary>The HTTP status.</summary>
    public int Status => status;

    /// <summary>What the answer said in <c>Retry-After</c>.</summary>
    public TimeSpan? RetryAfter => retryAfter;
}
