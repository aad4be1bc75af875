namespace Tape.Collect.Health;

/// <summary>
/// When a stream that was refused, or is silent, is asked for again: waits from <see cref="First"/>, doubling up to <see cref="Longest"/>, over all its
/// connections. Owned by the storage thread.
/// </summary>
internal sealed class StreamRenewal
{
    /// <summary>The wait behind the first time.</summary>
    public static readonly TimeSpan First = TimeSpan.FromMinutes(1);

    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>A stream that is well for so long begins anew. Some venues send one frame upon each request, and nothing behind it.</summary>
    public static readonly TimeSpan WellAfter = TimeSpan.FromMinutes(10);

    private UnixNanos? _nextAt;
    private UnixNanos _lastAt;

    /// <summary>How often it was asked for since it was last well.</summary>
    public int Asks { get; private set; }

    /// <summary>Whether its connection was replaced since it was last well.</summary>
    public bool WasReplaced { get; private set; }

    /// <summary>Whether its wait is over.</summary>
    public bool IsDue(UnixNanos now) => _nextAt is not { } next || now >= next;

    public void Asked(UnixNanos now)
    {
        Asks++;
        var wait = First * Math.Pow(2, Math.Min(Asks - 1, 10));
        Wait(now, wait < Longest ? wait : Longest);
    }

    public void Replaced(UnixNanos now)
    {
        WasReplaced = true;
        Wait(now, First);
    }

    /// <summary>It delivers.</summary>
    public void IsWell(UnixNanos now)
    {
        if (_nextAt is null || now.Since(_lastAt) < WellAfter) return;
        (Asks, WasReplaced, _nextAt) = (0, false, null);
    }

    private void Wait(UnixNanos now, TimeSpan wait) => (_lastAt, _nextAt) = (now, now.Add(wait));
}
