using Tape.Venues.Contract;
using Tape.Venues.Sequences;

namespace Tape.Bench.Gaps;

/// <summary>A stream as its venue numbers it, and what of it was delivered.</summary>
internal sealed class RehearsedStream(StreamPlan plan, SequenceRule rule, Random chance)
{
    private long _nextAt;

    public StreamPlan Plan { get; } = plan;

    public StreamKey Key => Plan.Key;

    public SequenceRule Rule { get; } = rule;

    /// <summary>Mean time between two events, ms: sparse streams are rare, metronomes often enough.</summary>
    public int IntervalMs { get; } = plan.SilentAfter is null
        ? 60_000
        : rule.Cadence is { } cadence ? (int)Math.Min(2000, cadence.TotalMilliseconds / 12) : chance.Next(300, 3000);

    /// <summary>The venue's last id.</summary>
    public long Current { get; private set; } = chance.NextInt64(1_000_000, 9_000_000_000);

    /// <summary>The last id that came to us.</summary>
    public long Delivered { get; set; }

    /// <summary>Time until which the venue says nothing on it.</summary>
    public long MuteUntil { get; set; }

    public bool HasSnapshots => Key.Venue != "binance" && (Rule.Kind is SequenceKind.BookChain or SequenceKind.BookUpdates);

    /// <summary>Whether the venue has something to say in a step of time.</summary>
    public bool Speaks(long now, long step)
    {
        if (now < MuteUntil) return false;
        if (Rule.Cadence is null) return chance.NextDouble() * IntervalMs * UnixNanos.PerMillisecond < step;
        if (now < _nextAt) return false;
        _nextAt = now + IntervalMs * UnixNanos.PerMillisecond;
        return true;
    }

    /// <summary>The venue's next event.</summary>
    public byte[] Next(long at)
    {
        var before = Current;
        Current += Rule.Kind is SequenceKind.TradeIds or SequenceKind.BookUpdates ? 1 : chance.Next(1, 5);
        return FrameTexts.Of(Key, Plan.WireName, before, Current, isSnapshot: false, at);
    }

    /// <summary>A snapshot as of now.</summary>
    public byte[] Snapshot(long at) => FrameTexts.Of(Key, Plan.WireName, Current, Current, isSnapshot: true, at);

    /// <summary>A sign of life of a book that did not change.</summary>
    public byte[] Idle(long at) => FrameTexts.Of(Key, Plan.WireName, Current, Current, isSnapshot: false, at);

    /// <summary>The venue numbers anew, and says so: in the chain, or by a snapshot with the number 1.</summary>
    public byte[] Renumber(long at)
    {
        var before = Current;
        Current = Delivered = Rule.Kind == SequenceKind.BookChain ? Current / 2 : 1;
        return FrameTexts.Of(Key, Plan.WireName, before, Current, Rule.Kind != SequenceKind.BookChain, at);
    }
}
