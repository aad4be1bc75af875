using Tape.Venues.Contract;

namespace Tape.Collect.Health;

/// <summary>What the watchdogs know of one stream over all its connections, all of it from records on the tape. Owned by the storage thread.</summary>
internal sealed class StreamView(StreamPlan plan)
{
    private readonly List<LiveStream> _lives = [];
    private long _framesAtTick;

    public StreamPlan Plan { get; } = plan;

    public long Frames { get; private set; }

    public long Dropped { get; private set; }

    public double FramesPerSecond { get; private set; }

    /// <summary>A connection that carries it opened.</summary>
    public LiveStream Connected(UnixNanos at)
    {
        var life = new LiveStream(this, at);
        _lives.Add(life);
        return life;
    }

    /// <summary>That connection ended.</summary>
    public void Disconnected(LiveStream life) => _lives.Remove(life);

    public void CountFrame() => Frames++;

    public void CountDropped(long frames) => Dropped += frames;

    public void Tick(double seconds)
    {
        FramesPerSecond = (Frames - _framesAtTick) / seconds;
        _framesAtTick = Frames;
    }

    /// <summary>Time without a frame on any connection, or null when down.</summary>
    public TimeSpan? Quiet(UnixNanos now) => _lives.Count == 0 ? null : _lives.Min(life => now.Since(life.LastFrameAt ?? life.ConnectedAt));

    /// <summary>One connection that delivers is enough; where none does, the oldest one tells why.</summary>
    public StreamHealth Health(UnixNanos now)
    {
        if (_lives.Count == 0) return StreamHealth.Down;
        return _lives.Exists(life => life.Health(now) == StreamHealth.Live) ? StreamHealth.Live : _lives[0].Health(now);
    }
}
