using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.Venues.Contract;

namespace Tape.Collect.Health;

/// <summary>
/// The live picture of the recording, made only from records that are on the tape, in their order. Owned by the storage thread.
/// </summary>
/// <remarks>
/// All times that it judges by are those of a clock that never steps (<see cref="RecorderContext.Steady"/>), taken when records are observed:
/// a step of the wall clock must not make streams look silent or connections dead.
/// </remarks>
internal sealed class LiveView
{
    /// <summary>Longer frames of books are not looked into: no venue sends them, and their memory would stay.</summary>
    private const int BookBytesMax = 1 << 20;

    private readonly List<ConnectionView> _plans = [];
    private readonly Dictionary<long, LiveConnection> _open = [];
    private readonly EventBuffer _events = new();
    private readonly List<(LiveConnection From, Note Note)> _answers = [];
    private readonly Action<long>? _onProven;
    private readonly Action<ConnectionPlan, long, string>? _onEndAnnounced;
    private readonly Action<long, SubscribeRequest>? _onAsk;
    private long _framesAtTick;
    private UnixNanos _tickAt;

    /// <param name="plans">The planned connections.</param>
    /// <param name="onProven">Told the number of a successor that may take over, each second until it has.</param>
    /// <param name="onEndAnnounced">Told when a venue says that it will close a connection soon: its plan, its number, the venue's words.</param>
    /// <param name="onAsk">Takes a further request that a connection is to send.</param>
    public LiveView(IEnumerable<(IVenue Venue, ConnectionPlan Plan)> plans, Action<long>? onProven = null,
        Action<ConnectionPlan, long, string>? onEndAnnounced = null, Action<long, SubscribeRequest>? onAsk = null)
    {
        (_onProven, _onEndAnnounced, _onAsk) = (onProven, onEndAnnounced, onAsk);
        foreach (var (venue, plan) in plans) _plans.Add(new ConnectionView(plan, venue));
    }

    public IReadOnlyList<ConnectionView> Connections => _plans;

    public long Frames { get; private set; }

    public long FrameBytes { get; private set; }

    public double FramesPerSecond { get; private set; }

    /// <summary>When frames were last dropped, as received.</summary>
    public UnixNanos? LastDropAt { get; private set; }

    /// <summary>The same moment on the clock that judges.</summary>
    public UnixNanos LastDropSeenAt { get; private set; }

    /// <summary>When the venue last refused something that is no single stream's, on the clock that judges.</summary>
    public UnixNanos LastRefusalAt { get; private set; }

    /// <summary>Such refusals of this run, the newest last, at most 16.</summary>
    public Queue<string> Refusals { get; } = new();

    /// <summary>Takes in one record.</summary>
    /// <param name="now">The clock that never steps.</param>
    public void Observe(in TapeRecord record, UnixNanos now)
    {
        if (record.Kind == RecordKind.Note) ObserveNote(record, now);
        else if (record.Kind == RecordKind.Sent && _open.TryGetValue(record.Connection, out var asking)) asking.Requests.Sent(record.Payload, now);
        else if (record.Kind == RecordKind.Frame && _open.TryGetValue(record.Connection, out var connection)) ObserveFrame(connection, record, now);
    }

    /// <summary>What venues answered to our requests since the last call, to be noted on the tape. Valid until the next <see cref="Observe"/>.</summary>
    public IReadOnlyList<VenueAnswer> TakeAnswers()
    {
        if (_answers.Count == 0) return [];
        var answers = _answers.ConvertAll(answer => new VenueAnswer(answer.From.View.Plan, answer.From.Connection, answer.Note, answer.From.LastRecordAt));
        _answers.Clear();
        return answers;
    }

    /// <summary>Whether a connection is open.</summary>
    public bool IsOpen(long connection) => _open.ContainsKey(connection);

    /// <summary>When the machine last woke from sleep, on the clock that judges; null when it did not in this run.</summary>
    public UnixNanos? WokeAt { get; private set; }

    /// <summary>The machine woke from sleep: silence counts from now on.</summary>
    public void Woke(UnixNanos now)
    {
        WokeAt = now;
        StorageResumed(now);
    }

    /// <summary>Storage takes records again: silence counts from now on, as nothing was observed before.</summary>
    public void StorageResumed(UnixNanos now)
    {
        foreach (var connection in _open.Values) connection.Excuse(now);
    }

    /// <summary>Once a second: rates, and successors that may take over.</summary>
    public void Tick(UnixNanos now)
    {
        var seconds = Math.Max(0.001, now.Since(_tickAt).TotalSeconds);
        if (_tickAt.Value != 0)
        {
            FramesPerSecond = (Frames - _framesAtTick) / seconds;
            foreach (var stream in _plans.SelectMany(plan => plan.Streams)) stream.Tick(seconds);
        }

        (_framesAtTick, _tickAt) = (Frames, now);
        if (_onProven is null) return;
        foreach (var connection in HandoverRules.Proven(this, now)) _onProven(connection);
    }

    private void ObserveFrame(LiveConnection life, in TapeRecord record, UnixNanos now)
    {
        Frames++;
        FrameBytes += record.Payload.Length;
        life.Received(now, record.Time);
        var connection = life.View;
        var name = connection.Decoder.StreamName(record.Payload);
        if (!name.IsEmpty)
        {
            life.ReceivedData(now);
            if (!connection.Places.TryGetValue(name, out var place)) return;
            var stream = life.Streams[place];
            stream.Received(now);
            if (stream.IsMendable && record.Payload.Length <= BookBytesMax
                && connection.Decoder.Decode(record.Payload, _events) == FrameOutcome.Events)
                stream.Follow(_events);
            return;
        }

        var outcome = connection.Decoder.Decode(record.Payload, _events);
        if (outcome is FrameOutcome.Acknowledged or FrameOutcome.Refused)
        {
            var id = life.Requests.IdOf(connection.Decoder.Control);
            if (OpenRequests.IsLeave(id)) return;
            _answers.Add((life, outcome == FrameOutcome.Acknowledged ? Acknowledged(life, id, now) : Refused(life, id, now)));
        }

        if (outcome == FrameOutcome.EndAnnounced)
            _onEndAnnounced?.Invoke(connection.Plan, life.Connection, ErrorText.Shorten(connection.Decoder.Control.Message));
    }

    private static AcknowledgedNote Acknowledged(LiveConnection life, long id, UnixNanos now)
    {
        var request = life.Requests.Answered(id);
        if (request is not null) life.Acknowledged(request, now);
        return new AcknowledgedNote(id, request?.StreamFrom ?? 0, request is null ? 0 : request.StreamToExcl - request.StreamFrom);
    }

    private Note Refused(LiveConnection life, long id, UnixNanos now)
    {
        var plan = life.View.Plan;
        var control = life.View.Decoder.Control;
        var message = ErrorText.Shorten(control.Message);
        var note = new RefusedNote(id == Absent.Integer ? null : id, control.Code, message);
        if (plan.Refusals.IsForRate(control.Code, message))
        {
            life.Requests.Postpone(id, now);
            Remember($"{plan.Venue} {plan.Route}: code {control.Code} {message}", now);
            return note;
        }

        var request = life.Requests.Answered(id);
        if (request is { } several && several.StreamToExcl - several.StreamFrom > 1)
        {
            foreach (var half in life.Requests.Halve(several)) _onAsk?.Invoke(life.Connection, half);
            return note;
        }

        if (request is null)
        {
            Remember($"{plan.Venue} {plan.Route}: code {control.Code} {message}", now);
            return note;
        }

        if (RefusalRules.IsForRepetition(message))
        {
            life.Acknowledged(request, now);
            return new AcknowledgedNote(id, request.StreamFrom, 1);
        }

        life.Streams[request.StreamFrom].Refused($"code {control.Code} {message}");
        return note with { Stream = plan.Streams[request.StreamFrom].WireName };
    }

    /// <summary>A refusal that is no single stream's.</summary>
    private void Remember(string refusal, UnixNanos now)
    {
        LastRefusalAt = now;
        if (Refusals.Count == 16) Refusals.Dequeue();
        Refusals.Enqueue(refusal);
    }

    private void ObserveNote(in TapeRecord record, UnixNanos now)
    {
        switch (Note.Parse(record.Payload))
        {
            case ConnectedNote note when _plans.Find(plan => plan.Plan.Venue == note.Venue && plan.Plan.Route == note.Route
                && plan.Plan.Shard == note.Shard) is { } plan:
                _open[record.Connection] = plan.Opened(record.Connection, now, record.Time);
                break;
            case DisconnectedNote note when _open.Remove(record.Connection, out var life):
                life.View.Ended(life, note, record.Time, now);
                break;
            case DroppedNote note:
                (LastDropAt, LastDropSeenAt) = (record.Time, now);
                if (_open.TryGetValue(record.Connection, out var dropping)) dropping.Dropped(note, now);
                break;
        }
    }
}
