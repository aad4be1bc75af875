using Tape.Storage.Tapes.Notes;
using Tape.Venues.Contract;

namespace Tape.Collect.Health;

/// <summary>One open socket of a plan, as the watchdogs see it. Owned by the storage thread.</summary>
/// <param name="view">The plan that it carries out.</param>
/// <param name="connection">Its number on the tape.</param>
/// <param name="now">The clock that judges, when it opened.</param>
/// <param name="at">The same moment on the connection's own clock.</param>
internal sealed class LiveConnection(ConnectionView view, long connection, UnixNanos now, UnixNanos at)
{
    private readonly HashSet<long> _answered = [];
    private readonly List<SubscribeRequest> _requests = [.. view.Plan.Requests];

    public ConnectionView View { get; } = view;

    public long Connection { get; } = connection;

    /// <summary>Its streams, in the plan's order.</summary>
    public IReadOnlyList<LiveStream> Streams { get; } = [.. view.Streams.Select(stream => stream.Connected(now))];

    /// <summary>When it opened, on the clock that judges.</summary>
    public UnixNanos OpenedAt { get; } = now;

    /// <summary>Since when its silence can be judged: when it opened, or when storage could be observed again.</summary>
    public UnixNanos JudgedFrom { get; private set; } = now;

    public UnixNanos LastFrameAt { get; private set; } = now;

    /// <summary>When data came last: an answer to a ping or to a request is none.</summary>
    public UnixNanos LastDataAt { get; private set; } = now;

    /// <summary>Whether data ever came.</summary>
    public bool HasData { get; private set; }

    /// <summary>Time of the last record observed of it, by the clock of its connection.</summary>
    public UnixNanos LastRecordAt { get; private set; } = at;

    /// <summary>Whether the venue has answered every request, accepting or refusing it.</summary>
    public bool IsAnswered => _requests.All(request => _answered.Contains(request.Id));

    /// <summary>The number of the request that an answer is for, or <see cref="Absent.Integer"/> where that can't be told.</summary>
    public long RequestOf(in ControlMessage answer)
        => answer.AnswersOldest && _requests.FirstOrDefault(request => !_answered.Contains(request.Id)) is { } oldest ? oldest.Id : answer.Id;

    /// <summary>The request is answered.</summary>
    /// <returns>It; null where the number is none of ours.</returns>
    public SubscribeRequest? Answered(long request)
    {
        _answered.Add(request);
        return _requests.Find(asked => asked.Id == request);
    }

    /// <summary>
    /// A request for several streams was refused: venues refuse all for the sake of one. Its halves are to be asked for, until the refused streams stand alone.
    /// </summary>
    public IReadOnlyList<SubscribeRequest> Halve(SubscribeRequest refused)
    {
        var middle = refused.StreamFrom + (refused.StreamToExcl - refused.StreamFrom) / 2;
        List<SubscribeRequest> halves =
        [
            View.Plan.AskFor(_requests[^1].Id + 1, refused.StreamFrom, middle), View.Plan.AskFor(_requests[^1].Id + 2, middle, refused.StreamToExcl),
        ];
        _requests.AddRange(halves);
        return halves;
    }

    public void Received(UnixNanos now, UnixNanos at)
    {
        View.CountFrame();
        (LastFrameAt, LastRecordAt) = (now, at);
    }

    public void ReceivedData(UnixNanos now) => (LastDataAt, HasData) = (now, true);

    /// <summary>Dropped frames were received: they prove the connection and their streams alive.</summary>
    public void Dropped(DroppedNote note, UnixNanos now)
    {
        LastFrameAt = now;
        ReceivedData(now);
        foreach (var (wire, frames) in note.Streams)
            if (View.Places.TryGetValue(Encoding.UTF8.GetBytes(wire), out var place)) Streams[place].DroppedFrames(frames, now);
    }

    public void Ended(UnixNanos at)
    {
        LastRecordAt = at;
        foreach (var stream in Streams) stream.Stream.Disconnected(stream);
    }

    /// <summary>Nothing could be observed until now: what was not seen must not count as silence.</summary>
    public void Excuse(UnixNanos now)
    {
        (JudgedFrom, LastFrameAt, LastDataAt) = (now, now, now);
        foreach (var stream in Streams) stream.Excuse(now);
    }
}
