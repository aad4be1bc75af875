namespace Tape.Collect.Health;

/// <summary>
/// When the disk will be full at the pace of the last minute, by everything that is written to it: known before recording must pause. Not thread-safe.
/// </summary>
internal sealed class DiskForecast
{
    /// <summary>A disk that is full within this time is a reason to worry.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LooksBack = TimeSpan.FromMinutes(1);

    /// <summary>A shorter time says little about the pace: files are made and deleted all the time.</summary>
    private static readonly TimeSpan LooksBackLeast = TimeSpan.FromSeconds(20);

    private readonly Queue<(UnixNanos At, long Free)> _samples = new();
    private (UnixNanos At, long Free) _last;

    /// <summary>Takes a sample when one is due.</summary>
    /// <param name="now">The clock that never steps.</param>
    /// <param name="freeBytes">Null where it can't be known: what was known is then forgotten.</param>
    public void Look(UnixNanos now, Func<long?> freeBytes)
    {
        if (_samples.Count > 0 && now.Since(_last.At) < SampleEvery) return;
        if (freeBytes() is not { } free)
        {
            _samples.Clear();
            return;
        }

        _last = (now, free);
        _samples.Enqueue(_last);
        while (now.Since(_samples.Peek().At) > LooksBack) _samples.Dequeue();
    }

    /// <summary>Why the disk is a reason to worry; null when it is none.</summary>
    public string? Worry()
    {
        if (_samples.Count == 0) return null;
        var first = _samples.Peek();
        var elapsed = _last.At.Since(first.At);
        if (elapsed < LooksBackLeast || first.Free <= _last.Free) return null;
        var perSecond = (first.Free - _last.Free) / elapsed.TotalSeconds;
        var left = TimeSpan.FromSeconds(Math.Min(_last.Free / perSecond, TimeSpan.MaxValue.TotalSeconds / 2));
        return left >= Soon ? null : string.Create(CultureInfo.InvariantCulture,
            $"the disk of the vault is full in {left.TotalSeconds:0} s at the pace of the last minute: {_last.Free / 1e6:N0} MB free, {perSecond / 1e6:N1} "
                + $"MB/s less");
    }
}
