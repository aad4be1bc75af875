using Tape.Simulator.Serving;

namespace Tape.Simulator.Market;

/// <summary>
/// The subscribed streams with a pace of their own, in the order due. Mark prices fall on whole seconds, the others are spread over their period by symbol;
/// liquidations come at random, per symbol every 5 to 35 s, rarer when there are many symbols.
/// </summary>
internal sealed class PacedSources(int symbols, Random random)
{
    private readonly PriorityQueue<SimulatedStream, (long Due, long Order)> _queue = new();
    private readonly HashSet<SimulatedStream> _queued = [];
    private long _order;

    /// <summary>When the next frame is due, in ns since the epoch; the largest number when nothing is active.</summary>
    public long NextDue => _queue.TryPeek(out _, out var priority) ? priority.Due : long.MaxValue;

    /// <summary>Frames a second of all active streams together.</summary>
    public double FramesPerSecond { get; private set; }

    public void SetActive(SimulatedStream stream, bool active, UnixNanos now)
    {
        FramesPerSecond = Math.Max(0, FramesPerSecond + (active ? 1 : -1) * (stream.Period > TimeSpan.Zero ? 1 / stream.Period.TotalSeconds : 0));
        if (active && _queued.Add(stream)) Put(stream, FirstDue(stream, now.Value));
        if (!active) Clean();
    }

    /// <summary>Takes the stream that is due first and puts it in again for its next time. Call it only when something is active.</summary>
    public (SimulatedStream Stream, int Symbol, long Due) Take()
    {
        _queue.TryDequeue(out var stream, out var priority);
        Put(stream!, priority.Due + Period(stream!));
        return (stream!, stream!.Symbol >= 0 ? stream.Symbol : random.Next(symbols), priority.Due);
    }

    /// <summary>Moves what is due before a time to after it, on its own grid.</summary>
    /// <returns>Frames skipped.</returns>
    public long SkipBefore(long time)
    {
        var skipped = 0L;
        while (NextDue < time)
        {
            _queue.TryDequeue(out var stream, out var priority);
            var period = Period(stream!);
            var missed = (time - priority.Due + period - 1) / period;
            skipped += missed;
            Put(stream!, priority.Due + missed * period);
        }
        return skipped;
    }

    private void Put(SimulatedStream stream, long due) => _queue.Enqueue(stream, (due, _order++));

    private long FirstDue(SimulatedStream stream, long now)
    {
        if (stream.Period == TimeSpan.Zero) return now + Period(stream) / 4;
        var period = Period(stream);
        var phase = stream.Kind is StreamKind.MarkPrice or StreamKind.AllMarkPrices ? 0 : period / symbols * Math.Max(0, stream.Symbol);
        return (now / period + 1) * period + phase;
    }

    private long Period(SimulatedStream stream) => stream.Period > TimeSpan.Zero
        ? stream.Period.Ticks * 100
        : UnixNanos.PerMillisecond * random.Next(5000, 35_000) * (stream.Symbol < 0 ? 1 : Math.Max(1, symbols / 10)) / (stream.Symbol < 0 ? 10 : 1);

    private void Clean()
    {
        _queue.Remove(_queued.First(stream => !stream.IsActive), out _, out _);
        _queued.RemoveWhere(stream => !stream.IsActive);
    }
}
