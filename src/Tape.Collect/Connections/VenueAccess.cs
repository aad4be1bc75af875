using Tape.Core.Net;

namespace Tape.Collect.Connections;

/// <summary>
/// The one door to a venue that all its connections share: it keeps attempts within the venue's limit, and closes for all of them when the venue
/// refuses our address. When its time is over, one attempt tries alone; the others follow only when it got in. Thread-safe.
/// </summary>
/// <param name="venue">Its name.</param>
/// <param name="connectsPerFiveMinutes">Attempts in any five minutes.</param>
/// <param name="time">Waits on its monotonic side; the wall clock is for people.</param>
public sealed class VenueAccess(string venue, int connectsPerFiveMinutes, TimeProvider time)
{
    private readonly RateGate _connects = new(connectsPerFiveMinutes, TimeSpan.FromMinutes(5), time);
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = InOrder.NewSource();
    private AccessRefusal? _refusal;
    private long _refusedAt;
    private TimeSpan _wait;
    private int _refusals;
    private bool _isTrying;

    /// <summary>Why the door is closed; null while it is open.</summary>
    public AccessRefusal? Refusal
    {
        get { lock (_gate) return _refusal; }
    }

    /// <summary>Waits for the turn of one attempt, whose outcome must be told to what it returns.</summary>
    /// <exception cref="OperationCanceledException">Cancelled: the recorder stops, so nobody waits for the outcome.</exception>
    public async Task<Attempt> EnterAsync(CancellationToken cancel)
    {
        while (true)
        {
            var (attempt, wait, changed) = TryEnter();
            if (attempt is not null)
            {
                await _connects.WaitAsync(cancel);
                return attempt;
            }

            await InOrder.WaitAsync(wait, time, cancel, changed);
        }
    }

    /// <returns>An attempt; or none, and what to wait for: a time or a change.</returns>
    private (Attempt? Attempt, TimeSpan Wait, Task Changed) TryEnter()
    {
        lock (_gate)
        {
            if (_refusal is null) return (new Attempt(this, isTrial: false), default, _changed.Task);
            var left = _wait - time.GetElapsedTime(_refusedAt);
            if (left > TimeSpan.Zero) return (null, left, _changed.Task);
            if (_isTrying) return (null, Timeout.InfiniteTimeSpan, _changed.Task);
            _isTrying = true;
            return (new Attempt(this, isTrial: true), default, _changed.Task);
        }
    }

    private void Opened(bool isTrial)
    {
        lock (_gate)
        {
            if (!isTrial) return;
            (_refusal, _refusals) = (null, 0);
            Change(isTrial);
        }
    }

    private void Failed(bool isTrial)
    {
        lock (_gate) Change(isTrial);
    }

    private AccessRefusal? Refused(bool isTrial, int status, TimeSpan? retryAfter)
    {
        lock (_gate)
        {
            if (AccessRules.Find(status) is { } rule) Close(isTrial, status, rule, retryAfter);
            Change(isTrial);
            return AccessRules.Find(status) is null ? null : _refusal;
        }
    }

    /// <summary>Attempts that were under way together are refused together: that is one refusal, and the longest wait counts.</summary>
    private void Close(bool isTrial, int status, AccessRule rule, TimeSpan? retryAfter)
    {
        var isNew = isTrial || _refusal is null;
        var wait = Wait(rule, retryAfter, isNew ? _refusals : _refusals - 1);
        if (isNew) _refusals++;
        else if (wait <= _wait - time.GetElapsedTime(_refusedAt)) return;
        (_wait, _refusedAt) = (wait, time.GetTimestamp());
        _refusal = new AccessRefusal(venue, status, rule.Meaning, UnixNanos.From(time.GetUtcNow() + wait), rule.Advice);
    }

    /// <summary>
    /// As long as the venue says, but 1 s, 2 s, 4 s up to a minute when trying again was in vain; where it says nothing, the rule's own waits.
    /// </summary>
    private static TimeSpan Wait(AccessRule rule, TimeSpan? retryAfter, int refusalsBefore)
    {
        if (retryAfter is not { } asked) return Backoff.After(refusalsBefore, rule.FirstWait, rule.WaitLimit);
        var least = Backoff.After(refusalsBefore, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        return asked < least ? least : asked < HttpStatus.RetryAfterMax ? asked : HttpStatus.RetryAfterMax;
    }

    private void Change(bool isTrial)
    {
        if (!isTrial) return;
        _isTrying = false;
        _changed.TrySetResult();
        _changed = InOrder.NewSource();
    }

    /// <summary>One attempt; tell its outcome once.</summary>
    public sealed class Attempt
    {
        private readonly VenueAccess _access;
        private readonly bool _isTrial;

        internal Attempt(VenueAccess access, bool isTrial) => (_access, _isTrial) = (access, isTrial);

        /// <summary>It got in: the door is open for all.</summary>
        public void Opened() => _access.Opened(_isTrial);

        /// <summary>It failed for a reason of its own: the next may try.</summary>
        public void Failed() => _access.Failed(_isTrial);

        /// <summary>The venue answered it with an HTTP status.</summary>
        /// <param name="status">The status.</param>
        /// <param name="retryAfter">What the answer asks us to wait; null where it does not say.</param>
        /// <returns>The refusal when it concerns our address and closes the door; null when it was for this attempt alone.</returns>
        public AccessRefusal? Refused(int status, TimeSpan? retryAfter) => _access.Refused(_isTrial, status, retryAfter);
    }
}
