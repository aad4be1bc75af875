using Tape.Venues.Books;
using Tape.Venues.Sequences;

namespace Tape.Derive.Books;

/// <summary>
/// A book over all the connections that bring it. It is aligned while one of them goes on from a full snapshot: one that the venue sent on it, one that it
/// answered over REST, or the book as another connection had brought it, where ids are the same on all. Not thread-safe.
/// </summary>
internal sealed class LiveBook(StreamKey key, SequenceRule rule)
{
    /// <summary>An answer that is ahead of what is received waits so long, in the time of records, to be reached.</summary>
    public static readonly TimeSpan AnswerHolds = TimeSpan.FromMinutes(1);

    private readonly List<CarriedBook> _carriers = [];
    private (long Id, UnixNanos At)? _answer;
    private (long From, long To)? _left;
    private BookState _state;
    private UnixNanos? _since;
    private UnixNanos _now;
    private string? _trouble;

    /// <summary>The question that would be asked now.</summary>
    public UnalignedBook Question { get; private set; } = new(key, 0);

    /// <summary>Which ids its changes have.</summary>
    public SequenceKind Kind => rule.Kind;

    /// <summary>Whether a snapshot from elsewhere is wanted: its changes come, and nothing says from where they go on.</summary>
    public bool IsUnaligned => IsChain && _state != BookState.Aligned && _answer is null && _carriers.Exists(carrier => carrier.Tracker!.HasBegun);

    /// <summary>Ids of a chain are the same on all connections and over REST; other books have their first snapshot on the connection.</summary>
    private bool IsChain => Kind == SequenceKind.BookChain;

    /// <param name="at">When the connection was opened; null when that lies before the first record.</param>
    public CarriedBook Open(UnixNanos? at)
    {
        var carrier = new CarriedBook(this, rule.IsBookChange ? new BookTracker(Kind) : null);
        _carriers.Add(carrier);
        BeginRound();
        if (at is { } time) Judge(time);
        return carrier;
    }

    /// <summary>Its connection has ended.</summary>
    public void Close(CarriedBook carrier, UnixNanos at)
    {
        _carriers.Remove(carrier);
        if (IsChain && carrier.Tracker is { IsAligned: true } tracker)
        {
            _left = (tracker.KnownFrom, tracker.Last);
            foreach (var other in _carriers) other.Tracker!.TryAlign(tracker.KnownFrom, tracker.Last);
        }

        BeginRound();
        Judge(at);
    }

    /// <summary>A full snapshot.</summary>
    public void TakeSnapshot(CarriedBook carrier, UnixNanos at)
    {
        if (carrier.HasSnapshot) return;
        carrier.HasSnapshot = true;
        Judge(at);
    }

    /// <summary>The ids of a change or a snapshot.</summary>
    public void Take(CarriedBook carrier, in IdSpan span, UnixNanos at)
    {
        var tracker = carrier.Tracker!;
        var before = tracker.Last;
        var step = tracker.Take(span);
        if (step == BookStep.Renumbered || (step == BookStep.Broke && tracker.Last < before))
        {
            _left = null;
            BeginRound();
        }

        if (step == BookStep.First && _left is { } left && tracker.Last >= left.To) tracker.TryAlign(left.From, left.To);
        if (_state == BookState.Aligned && step == BookStep.Followed && _carriers.Count == 1) return;
        if (IsChain) AlignOthers(at);
        Judge(at);
    }

    /// <summary>The venue has answered.</summary>
    public void Answered(UnalignedBook question, long id)
    {
        if (question != Question || !IsUnaligned) return;
        (_answer, _trouble) = ((id, _now), null);
        AlignOthers(_now);
        Judge(_now);
    }

    public void Failed(UnalignedBook question, string reason)
    {
        if (question == Question) _trouble = reason;
    }

    public BookStatus Standing()
    {
        var last = _carriers.Where(carrier => _state != BookState.Aligned || carrier.IsAligned)
            .Max(carrier => carrier.Tracker is { HasBegun: true } tracker ? tracker.Last : (long?)null);
        return new BookStatus(_state, _since, last, _state == BookState.Aligned ? null : Why());
    }

    private void BeginRound() => (Question, _answer, _trouble) = (Question with { Round = Question.Round + 1 }, null, null);

    private void AlignOthers(UnixNanos at)
    {
        foreach (var carrier in _carriers)
        {
            var tracker = carrier.Tracker!;
            if (tracker.IsAligned) continue;
            foreach (var other in _carriers)
                if (other.Tracker is { IsAligned: true } known && tracker.TryAlign(known.KnownFrom, known.Last)) break;
            if (_answer is { } answer) tracker.TryAlign(answer.Id);
        }

        if (_answer is { } unused) Doubt(unused, at);
    }

    /// <summary>An answer that no connection goes on from, nor will.</summary>
    private void Doubt((long Id, UnixNanos At) answer, UnixNanos at)
    {
        var isTooOld = _carriers.TrueForAll(carrier => carrier.Tracker!.IsTooOld(answer.Id));
        if (!isTooOld && at.Since(answer.At) <= AnswerHolds) return;
        _answer = null;
        _trouble = string.Create(CultureInfo.InvariantCulture,
            $"the answer is of update {answer.Id}, {(isTooOld ? "older than what is received" : "which was not reached within a minute")}");
    }

    private void Judge(UnixNanos at)
    {
        _now = at;
        var state = _carriers.Exists(carrier => carrier.IsAligned) ? BookState.Aligned
            : _carriers.Count > 0 && _carriers[^1].Tracker?.Break is not null ? BookState.Broken : BookState.Waiting;
        if (state == BookState.Aligned) (_answer, _trouble) = (null, null);
        if (state != _state || _since is null) (_state, _since) = (state, at);
    }

    private string Why()
    {
        var missing = _carriers.Count == 0 ? "no connection carries it"
            : _state == BookState.Broken ? Text(_carriers[^1].Tracker!.Break!.Value)
            : _carriers.Exists(carrier => carrier.Tracker is { HasBegun: true })
                ? "its changes come, a full picture to begin with is missing" : "nothing received yet";
        if (_answer is { } answer) missing += string.Create(CultureInfo.InvariantCulture, $"; REST has update {answer.Id}, not received yet");
        return _trouble is null ? missing : $"{missing}; REST: {_trouble}";
    }

    private static string Text((long Expected, long Found) gap) =>
        string.Create(CultureInfo.InvariantCulture, $"a change that follows update {gap.Found} came, expected one that follows {gap.Expected}");
}
