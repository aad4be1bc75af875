namespace Tape.Core.Time;

/// <summary>How long to wait before the next attempt: the wait doubles with each failure up to a limit. Not thread-safe.</summary>
/// <param name="first">The longest first wait.</param>
/// <param name="limit">The longest wait of all.</param>
/// <param name="chance">Takes up to half off each wait, so that many recorders do not come back in step; null for exact waits.</param>
public sealed class Backoff(TimeSpan first, TimeSpan limit, Random? chance = null)
{
    private int _failures;

    /// <summary>Attempts that failed since the last success.</summary>
    public int Failures => _failures;

    /// <summary>The wait after so many failures before this one: min(first × 2^failures, limit).</summary>
    public static TimeSpan After(int failures, TimeSpan first, TimeSpan limit) =>
        TimeSpan.FromMilliseconds(Math.Min(first.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 30)), limit.TotalMilliseconds));

    /// <summary>The next wait: the whole of <see cref="After"/>, or with jitter at least half of it.</summary>
    public TimeSpan Next()
    {
        var ceiling = After(_failures++, first, limit);
        return chance is null ? ceiling : TimeSpan.FromMilliseconds(ceiling.TotalMilliseconds * (0.5 + 0.5 * chance.NextDouble()));
    }

    /// <summary>An attempt succeeded and held: start over.</summary>
    public void Reset() => _failures = 0;
}
