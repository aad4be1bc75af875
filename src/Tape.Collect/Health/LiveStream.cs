namespace Tape.Collect.Health;

/// <summary>A stream on one connection, as the watchdogs see it. Owned by the storage thread.</summary>
internal sealed class LiveStream(StreamView stream, UnixNanos connectedAt)
{
    public StreamView Stream { get; } = stream;

    /// <summary>When its connection opened.</summary>
    public UnixNanos ConnectedAt { get; private set; } = connectedAt;

    /// <summary>When its last frame of this connection came; null before the first.</summary>
    public UnixNanos? LastFrameAt { get; private set; }

    public bool IsRefused { get; private set; }

    public void Refused() => IsRefused = true;

    public void Received(UnixNanos at)
    {
        LastFrameAt = at;
        Stream.CountFrame();
    }

    public void DroppedFrames(long frames, UnixNanos at)
    {
        LastFrameAt = at;
        Stream.CountDropped(frames);
    }

    /// <summary>Nothing could be observed until now: quiet counts from here.</summary>
    public void Excuse(UnixNanos at)
    {
        if (LastFrameAt is not null) LastFrameAt = at;
        else ConnectedAt = at;
    }

    public StreamHealth Health(UnixNanos now)
    {
        if (IsRefused && LastFrameAt is null) return StreamHealth.Refused;
        var plan = Stream.Plan;
        if (LastFrameAt is { } last) return now.Since(last) > plan.SilentAfter ? StreamHealth.Silent : StreamHealth.Live;
        if (plan.FirstDataWithin is not { } within) return StreamHealth.Live;
        return now.Since(ConnectedAt) > within ? StreamHealth.Unproven : StreamHealth.Waiting;
    }
}
