using Tape.Venues.Books;
using Tape.Venues.Sequences;

namespace Tape.Collect.Health;

/// <summary>A stream on one connection, as the watchdogs see it. Owned by the storage thread.</summary>
internal sealed class LiveStream(StreamView stream, UnixNanos connectedAt)
{
    private readonly BookTracker? _book = stream.Rule.BeginsWithSnapshot ? new(stream.Rule.Kind) : null;

    public StreamView Stream { get; } = stream;

    /// <summary>When its connection opened, or the venue took back that it refused it.</summary>
    public UnixNanos ConnectedAt { get; private set; } = connectedAt;

    /// <summary>When its last frame of this connection came; null before the first.</summary>
    public UnixNanos? LastFrameAt { get; private set; }

    /// <summary>The venue's words, while it refuses it; else null.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Whether the venue has accepted or refused it.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>Whether it brings changes of a book, which say nothing without those before, and subscribing again brings a snapshot.</summary>
    public bool IsMendable => _book is not null;

    /// <summary>Changes of such a book are missing, and it was not asked for again since.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>It was asked for as often as is allowed, and the venue said nothing.</summary>
    public bool IsUnacknowledged { get; private set; }

    public void Acknowledged(UnixNanos now)
    {
        if (Refusal is not null) (Refusal, ConnectedAt, LastFrameAt) = (null, now, null);
        (IsAnswered, IsUnacknowledged) = (true, false);
    }

    public void Refused(string words) => (Refusal, IsAnswered, IsUnacknowledged) = (words, true, false);

    /// <summary>Nobody answers.</summary>
    public void GivenUp() => IsUnacknowledged = !IsAnswered;

    public void Received(UnixNanos at)
    {
        LastFrameAt = at;
        Refusal = null;
        Stream.CountFrame(at);
    }

    public void DroppedFrames(long frames, UnixNanos at)
    {
        LastFrameAt = at;
        Stream.CountDropped(frames);
        Break();
    }

    /// <summary>Frames were dropped that may have been of it.</summary>
    public void Break() => IsBroken |= IsMendable;

    /// <summary>Takes in what a frame of a book that is mendable brought.</summary>
    public void Follow(EventBuffer events)
    {
        var kind = Stream.Rule.Kind;
        if (IdSpan.Count(kind, events) > 0 && IdSpan.TryRead(kind, events, 0, out var ids) && _book!.Take(ids) == BookStep.Broke) Break();
    }

    /// <summary>It was asked for again.</summary>
    public void Mend() => IsBroken = false;

    /// <summary>Nothing could be observed until now: quiet counts from here.</summary>
    public void Excuse(UnixNanos at)
    {
        if (LastFrameAt is not null) LastFrameAt = at;
        else ConnectedAt = at;
        Stream.Pace?.Interrupt();
    }

    public StreamHealth Health(UnixNanos now)
    {
        if (Refusal is not null) return StreamHealth.Refused;
        if (LastFrameAt is { } last) return Stream.Pace is { } pace && now.Value - last.Value > pace.SilentAfter ? StreamHealth.Silent : StreamHealth.Live;
        if (IsUnacknowledged) return StreamHealth.Unacknowledged;
        if (Stream.Plan.FirstDataWithin is not { } within) return StreamHealth.Live;
        return now.Since(ConnectedAt) > within ? StreamHealth.Unproven : StreamHealth.Waiting;
    }

    /// <summary>When it should have spoken at the latest; null where silence means nothing.</summary>
    public UnixNanos? OverdueFrom()
    {
        if (LastFrameAt is { } last) return Stream.Pace is { } pace ? new UnixNanos(last.Value + pace.SilentAfter) : null;
        return Stream.Plan.FirstDataWithin is { } within ? ConnectedAt.Add(within) : null;
    }
}
