namespace Tape.TestKit.Time;

/// <summary>
/// A clock that moves only when told. Wall and monotonic time advance together; the wall clock can also step alone, as an operator or NTP does.
/// Timers fire inside <see cref="Advance"/>, in the order in which they are due, each seeing the clock at its own due time. Thread-safe; callbacks run without
/// the lock.
/// </summary>
public sealed class FakeTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<FakeTimer> _timers = [];
    private DateTimeOffset _wall = start;
    private long _ticks;
    private long _order;

    /// <summary>Starts at 2026-11-21T00:00:00Z.</summary>
    public FakeTime() : this(new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero)) { }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>One tick is a nanosecond.</summary>
    public override long TimestampFrequency => 1_000_000_000;

    /// <summary>Timers that will still fire.</summary>
    public int ActiveTimers
    {
        get { lock (_gate) return _timers.Count(timer => timer.DueAt is not null); }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _wall;
    }

    public override long GetTimestamp()
    {
        lock (_gate) return _ticks * 100;
    }

    /// <summary>Moves both clocks and fires the timers that fall due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        long target;
        lock (_gate) target = _ticks + by.Ticks;
        while (NextDue(target) is { } timer) timer.Fire();
        lock (_gate) MoveTo(target);
    }

    /// <summary>
    /// The machine sleeps and wakes. The wall clock goes on; the monotonic one goes on (as on Windows) or stands (as on Linux). Timers do not run meanwhile:
    /// those that fell due fire once on waking, all seeing the new time, and periodic ones go on from there.
    /// </summary>
    public void Sleep(TimeSpan by, bool monotonicGoesOn)
    {
        List<FakeTimer> due;
        lock (_gate)
        {
            _wall += by;
            if (monotonicGoesOn) _ticks += by.Ticks;
            due = [.. _timers.Where(timer => timer.DueAt <= _ticks).OrderBy(timer => timer.DueAt).ThenBy(timer => timer.Order)];
            foreach (var timer in due) timer.DueAt = timer.PeriodTicks > 0 ? _ticks + timer.PeriodTicks : null;
        }

        foreach (var timer in due) timer.Fire();
    }

    /// <summary>Moves the wall clock alone, forwards or backwards. Timers do not notice: they run on the monotonic clock.</summary>
    public void StepWall(TimeSpan by)
    {
        lock (_gate) _wall += by;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        lock (_gate) _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Takes the timer that is due first up to a time, sets the clock to it, and plans its next firing.</summary>
    private FakeTimer? NextDue(long target)
    {
        lock (_gate)
        {
            var timer = _timers.Where(timer => timer.DueAt <= target).OrderBy(timer => timer.DueAt).ThenBy(timer => timer.Order).FirstOrDefault();
            if (timer is null) return null;
            MoveTo(Math.Max(_ticks, timer.DueAt!.Value));
            timer.DueAt = timer.PeriodTicks > 0 ? timer.DueAt + timer.PeriodTicks : null;
            timer.Order = _order++;
            return timer;
        }
    }

    private void MoveTo(long ticks)
    {
        if (ticks <= _ticks) return;
        _wall += TimeSpan.FromTicks(ticks - _ticks);
        _ticks = ticks;
    }

    private sealed class FakeTimer(FakeTime time, TimerCallback callback, object? state) : ITimer
    {
        public long? DueAt { get; set; }
        public long PeriodTicks { get; private set; }
        public long Order { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                if (!time._timers.Contains(this)) return false;
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : time._ticks + dueTime.Ticks;
                PeriodTicks = period == Timeout.InfiniteTimeSpan ? 0 : period.Ticks;
                Order = time._order++;
            }
            // As the system's timers do, one that is due now does not wait for the clock to move.
            if (dueTime == TimeSpan.Zero) time.Advance(TimeSpan.Zero);
            return true;
        }

        public void Dispose()
        {
            lock (time._gate) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
