using Tape.Storage.Tapes.Notes;
using Tape.Venues.Contract;

namespace Tape.Collect.Health;

/// <summary>One open socket of a plan, as the watchdogs see it. Owned by the storage thread.</summary>
internal sealed class LiveConnection
{
    /// <param name="view">The plan that it carries out.</param>
    /// <param name="connection">Its number on the tape.</param>
    /// <param name="now">The clock that judges, when it opened.</param>
    /// <param name="at">The same moment on the connection's own clock.</param>
    public LiveConnection(ConnectionView view, long connection, UnixNanos now, UnixNanos at)
    {
        (View, Connection, LastRecordAt) = (view, connection, at);
        (OpenedAt, JudgedFrom, LastFrameAt, LastDataAt) = (now, now, now, now);
        Streams = [.. view.Streams.Select(stream => stream.Connected(now))];
        Requests = new(view.Plan.Requests, (id, from, toExcl) => new(id, view.Plan.Ask(id, Planned(from, toExcl)), from, toExcl));
    }

    public ConnectionView View { get; }

    public long Connection { get; }

    /// <summary>Its streams, in the plan's order.</summary>
    public IReadOnlyList<LiveStream> Streams { get; }

    /// <summary>What it has asked for.</summary>
    public OpenRequests Requests { get; }

    /// <summary>When it opened, on the clock that judges.</summary>
    public UnixNanos OpenedAt { get; }

    /// <summary>Since when its silence can be judged: when it opened, or when storage could be observed again.</summary>
    public UnixNanos JudgedFrom { get; private set; }

    public UnixNanos LastFrameAt { get; private set; }

    /// <summary>When data came last: an answer to a ping or to a request is none.</summary>
    public UnixNanos LastDataAt { get; private set; }

    /// <summary>Whether data ever came.</summary>
    public bool HasData { get; private set; }

    /// <summary>Time of the last record observed of it, by the clock of its connection.</summary>
    public UnixNanos LastRecordAt { get; private set; }

    /// <summary>Whether the venue has answered for every stream, accepting or refusing it.</summary>
    public bool IsAnswered => Streams.All(stream => stream.IsAnswered);

    /// <summary>A successor was asked for, for another reason than its age.</summary>
    public bool IsToBeReplaced { get; set; }

    /// <summary>A request that unsubscribes from a stream, to be sent.</summary>
    public SubscribeRequest Leave(int place)
    {
        var id = Requests.NextLeave();
        return new(id, View.Plan.Leave(id, Planned(place, place + 1)), place, place + 1);
    }

    /// <summary>The venue accepted a request.</summary>
    public void Acknowledged(SubscribeRequest request, UnixNanos now)
    {
        foreach (var stream in Of(request)) stream.Acknowledged(now);
    }

    /// <summary>Whether a stream of a request has delivered since it was sent: then the venue took it, whatever it answered.</summary>
    public bool IsHeard(SubscribeRequest request, UnixNanos sent) => Of(request).Any(stream => stream.LastFrameAt >= sent);

    /// <summary>A request was sent as often as is allowed.</summary>
    public void GivenUp(SubscribeRequest request)
    {
        foreach (var stream in Of(request)) stream.GivenUp();
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
        {
            if (View.Places.TryGetValue(Encoding.UTF8.GetBytes(wire), out var place)) Streams[place].DroppedFrames(frames, now);
            else if (wire.Length == 0) BreakAll();
        }
    }

    private void BreakAll()
    {
        foreach (var stream in Streams) stream.Break();
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
        Requests.Excuse(now);
        foreach (var stream in Streams) stream.Excuse(now);
    }

    private IEnumerable<LiveStream> Of(SubscribeRequest request) => Streams.Take(request.StreamFrom..request.StreamToExcl);

    private IEnumerable<StreamPlan> Planned(int from, int toExcl) => Streams.Take(from..toExcl).Select(stream => stream.Stream.Plan);
}
