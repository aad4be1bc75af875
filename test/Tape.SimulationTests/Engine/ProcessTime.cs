namespace Tape.SimulationTests.Engine;

/// <summary>The clock as one simulated process sees it; its timers end with it.</summary>
internal sealed class ProcessTime(TimeProvider clock) : TimeProvider
{
    private readonly HashSet<ProcessTimer> _timers = [];

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ProcessTimer(this);
        _timers.Add(timer);
        timer.Inner = clock.CreateTimer(callback, state, dueTime, period);
        return timer;
    }

    public void End()
    {
        foreach (var timer in _timers.ToArray()) timer.Dispose();
    }

    private sealed class ProcessTimer(ProcessTime time) : ITimer
    {
        public ITimer? Inner { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period) => Inner!.Change(dueTime, period);

        public void Dispose()
        {
            time._timers.Remove(this);
            Inner?.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
