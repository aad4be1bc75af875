namespace Tape.Core.Time;

/// <summary>How long to wait before the next attempt: doubling with full jitter, so that many recorders do not come back in step. Not thread-safe.</summary>
/// <param name="first">The longest first wait.</param>
/// <param name="limit">The longest wait of all.</param>
/// <param name="chance">Source of the jitter.</param>
public sealed class Backoff(TimeSpan first, TimeSpan limit, Random chance)
{
    private int _failures;

    /// <summary>Attempts that failed since the last success.</summary>
    public int Failures => _failures;

    /// <summary>The next wait: between half of and the whole of min(first × 2^failures, limit).</summary>
    public TimeSpan Next()
    {
        var ceiling = Math.Min(first.TotalMilliseconds * Math.Pow(2, Math.Min(_failures, 30)), limit.TotalMilliseconds);
        _failures++;
        return TimeSpan.FromMilliseconds(ceiling * (0.5 + 0.5 * chance.NextDouble()));
    }

    /// <summary>An attempt succeeded and held: start over.</summary>
    public void Reset() => _failures = 0;
}
