using Tape.Venues.Contract;

namespace Tape.Collect.Health;

/// <summary>
/// What a connection has asked for and the venue has not answered. What is not answered within <see cref="AnswersWithin"/> of being sent is asked for again, at
/// most <see cref="AttemptsMax"/> times in all, the last time in halves, since a venue may ignore what is too long. Owned by the storage thread.
/// </summary>
internal sealed class OpenRequests
{
    /// <summary>A venue that is well answers within a second.</summary>
    public static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(10);

    /// <summary>How often something is asked for that is never answered.</summary>
    public const int AttemptsMax = 3;

    /// <summary>The first wait after a refusal because we ask too often; each further one doubles it, up to <see cref="RateWaitMax"/>.</summary>
    public static readonly TimeSpan RateWait = TimeSpan.FromSeconds(10);

    /// <summary>The longest of these waits.</summary>
    public static readonly TimeSpan RateWaitMax = TimeSpan.FromHours(1);

    /// <summary>Requests whose time is over, and whose answer may still come.</summary>
    private const int LateMax = 256;

    /// <summary>Numbers from here on unsubscribe: what the venue answers to them says nothing about a stream.</summary>
    private const long LeavesFrom = 1_000_000_000;

    private readonly Func<long, int, int, SubscribeRequest> _write;
    private readonly SortedDictionary<long, Request> _open = [];
    private long _last;
    private long _left = LeavesFrom;

    /// <param name="first">What is asked for as soon as the connection is open.</param>
    /// <param name="write">Writes a further request, by its number, for the streams from a place up to another one, left out.</param>
    public OpenRequests(IReadOnlyList<SubscribeRequest> first, Func<long, int, int, SubscribeRequest> write)
    {
        _write = write;
        foreach (var request in first) Add(request, 1);
        _last = first.Count == 0 ? 0 : first.Max(request => request.Id);
    }

    /// <summary>A further request for some of the streams, to be sent.</summary>
    public SubscribeRequest Ask(int streamFrom, int streamToExcl, int attempt = 1) => Add(_write(++_last, streamFrom, streamToExcl), attempt);

    /// <summary>The number of a further request that unsubscribes.</summary>
    public long NextLeave() => ++_left;

    /// <summary>Whether a number is that of a request that unsubscribes.</summary>
    public static bool IsLeave(long id) => id > LeavesFrom;

    /// <summary>Whether an answer about a stream is waited for, or it is to be asked for soon.</summary>
    public bool Concern(int place) => _open.Values.Any(request => !request.IsLate && request.Asked.StreamFrom <= place && place < request.Asked.StreamToExcl);

    /// <summary>A frame was sent: if it is a request, its time begins.</summary>
    public void Sent(ReadOnlySpan<byte> frame, UnixNanos now)
    {
        foreach (var request in _open.Values)
        {
            if (request.SentAt is not null || !frame.SequenceEqual(request.Frame)) continue;
            request.SentAt = now;
            return;
        }
    }

    /// <summary>The number of the request that an answer is for, or <see cref="Absent.Integer"/> where that can't be told.</summary>
    public long IdOf(in ControlMessage answer) => answer.AnswersOldest && _open.Count > 0
        ? (_open.Values.FirstOrDefault(request => !request.IsLate) ?? _open.Values.First()).Asked.Id : answer.Id;

    /// <summary>It was accepted, or refused for what it asks.</summary>
    /// <returns>What was asked; null where the number is none of ours.</returns>
    public SubscribeRequest? Answered(long id) => _open.Remove(id, out var request) ? request.Asked : null;

    /// <summary>It was refused because we ask too often: the same is asked for again after a wait.</summary>
    public void Postpone(long id, UnixNanos now)
    {
        if (!_open.TryGetValue(id, out var request)) return;
        (request.SentAt, request.AskAgainAt) = (null, now.Add(request.RateWait));
    }

    /// <summary>A request for several streams was refused: venues refuse all for the sake of one. Its halves, until the refused streams stand alone.</summary>
    public IReadOnlyList<SubscribeRequest> Halve(SubscribeRequest refused, int attempt = 1)
    {
        var middle = refused.StreamFrom + (refused.StreamToExcl - refused.StreamFrom) / 2;
        return [Ask(refused.StreamFrom, middle, attempt), Ask(middle, refused.StreamToExcl, attempt)];
    }

    /// <summary>What is due to be sent again: what was put off, and what was not answered in time.</summary>
    /// <param name="isHeard">Whether the venue showed, without an answer, that it took a request sent at a time.</param>
    /// <param name="givenUp">Takes what was asked for as often as is allowed.</param>
    public IReadOnlyList<SubscribeRequest> Due(UnixNanos now, Func<SubscribeRequest, UnixNanos, bool> isHeard, Action<SubscribeRequest> givenUp)
    {
        if (_open.Count == 0) return [];
        var asks = new List<SubscribeRequest>();
        foreach (var request in _open.Values.ToList())
        {
            var asked = request.Asked;
            if (request.AskAgainAt is { } again && now >= again)
            {
                _open.Remove(asked.Id);
                asks.Add(Ask(asked.StreamFrom, asked.StreamToExcl, request.Attempt));
                _open[_last].RateWait = request.RateWait * 2 < RateWaitMax ? request.RateWait * 2 : RateWaitMax;
            }
            else if (!request.IsLate && request.SentAt is { } sent && now.Since(sent) > AnswersWithin)
            {
                request.IsLate = true;
                if (isHeard(asked, sent)) continue;
                if (request.Attempt >= AttemptsMax) givenUp(asked);
                else if (request.Attempt == AttemptsMax - 1 && asked.StreamToExcl - asked.StreamFrom > 1) asks.AddRange(Halve(asked, request.Attempt + 1));
                else asks.Add(Ask(asked.StreamFrom, asked.StreamToExcl, request.Attempt + 1));
            }
        }

        Forget();
        return asks;
    }

    /// <summary>Nothing could be observed until now: an answer that was not seen is not missing.</summary>
    public void Excuse(UnixNanos now)
    {
        foreach (var request in _open.Values)
            if (request.SentAt is not null) request.SentAt = now;
    }

    private SubscribeRequest Add(SubscribeRequest request, int attempt)
    {
        _open[request.Id] = new Request(request, attempt);
        return request;
    }

    private void Forget()
    {
        for (var late = _open.Values.Count(request => request.IsLate); late > LateMax; late--)
            _open.Remove(_open.Values.First(request => request.IsLate).Asked.Id);
    }

    private sealed class Request(SubscribeRequest asked, int attempt)
    {
        public SubscribeRequest Asked { get; } = asked;

        public byte[] Frame { get; } = Encoding.UTF8.GetBytes(asked.Frame);

        public int Attempt { get; } = attempt;

        /// <summary>When it was sent; null before.</summary>
        public UnixNanos? SentAt { get; set; }

        /// <summary>When it is to be asked for again after a refusal because we ask too often.</summary>
        public UnixNanos? AskAgainAt { get; set; }

        /// <summary>How long it waits when the venue says that we ask too often.</summary>
        public TimeSpan RateWait { get; set; } = OpenRequests.RateWait;

        /// <summary>Its time is over.</summary>
        public bool IsLate { get; set; }
    }
}
