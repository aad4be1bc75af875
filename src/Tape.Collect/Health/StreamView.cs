using Tape.Venues.Contract;
using Tape.Venues.Sequences;

namespace Tape.Collect.Health;

/// <summary>What the watchdogs know of one stream over all its connections, all of it from records on the tape. Owned by the storage thread.</summary>
/// <param name="plan">What is expected of it.</param>
/// <param name="rule">How a gap in its channel shows.</param>
internal sealed class StreamView(StreamPlan plan, SequenceRule rule)
{
    private readonly List<LiveStream> _lives = [];
    private long _framesAtTick;

    public StreamPlan Plan { get; } = plan;

    /// <summary>How long it may be silent; null where silence means nothing.</summary>
    public UsualPace? Pace { get; } = plan.SilentAfter is { } channel ? new(channel, rule.Cadence is not null) : null;

    /// <summary>How a gap in its channel shows.</summary>
    public SequenceRule Rule { get; } = rule;

    /// <summary>When it is asked for again.</summary>
    public StreamRenewal Renewal { get; } = new();

    public long Frames { get; private set; }

    public long Dropped { get; private set; }

    public double FramesPerSecond { get; private set; }

    /// <summary>A connection that carries it opened.</summary>
    public LiveStream Connected(UnixNanos at)
    {
        if (_lives.Count == 0) Pace?.Interrupt();
        var life = new LiveStream(this, at);
        _lives.Add(life);
        return life;
    }

    /// <summary>That connection ended.</summary>
    public void Disconnected(LiveStream life) => _lives.Remove(life);

    /// <summary>A frame came.</summary>
    public void CountFrame(UnixNanos at)
    {
        Frames++;
        Pace?.Received(at.Value);
    }

    public void CountDropped(long frames) => Dropped += frames;

    public void Tick(double seconds)
    {
        FramesPerSecond = (Frames - _framesAtTick) / seconds;
        _framesAtTick = Frames;
    }

    /// <summary>Time without a frame on any connection, or null when down.</summary>
    public TimeSpan? Quiet(UnixNanos now) => _lives.Count == 0 ? null : _lives.Min(life => now.Since(life.LastFrameAt ?? life.ConnectedAt));

    /// <summary>The venue's words, while it refuses it; else null.</summary>
    public string? Refusal => _lives.Count == 0 ? null : _lives[0].Refusal;

    /// <summary>One connection that delivers is enough; where none does, the oldest one tells why.</summary>
    public StreamHealth Health(UnixNanos now)
    {
        if (_lives.Count == 0) return StreamHealth.Down;
        return _lives.Exists(life => life.Health(now) == StreamHealth.Live) ? StreamHealth.Live : _lives[0].Health(now);
    }
}
