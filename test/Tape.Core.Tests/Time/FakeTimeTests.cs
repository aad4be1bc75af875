using Tape.TestKit.Time;

namespace Tape.Core.Tests.Time;

public sealed class FakeTimeTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly FakeTime _time = new();

    [Fact]
    public void Both_clocks_stand_still_until_told_to_move()
    {
        var (wall, ticks) = (_time.GetUtcNow(), _time.GetTimestamp());
        Assert.Equal((wall, ticks), (_time.GetUtcNow(), _time.GetTimestamp()));
        _time.Advance(Second);
        Assert.Equal((wall + Second, Second), (_time.GetUtcNow(), _time.GetElapsedTime(ticks)));
    }

    [Fact]
    public void The_wall_clock_steps_alone()
    {
        var (wall, ticks) = (_time.GetUtcNow(), _time.GetTimestamp());
        _time.StepWall(-Second);
        Assert.Equal((wall - Second, ticks), (_time.GetUtcNow(), _time.GetTimestamp()));
    }

    [Fact]
    public void Timers_fire_in_the_order_in_which_they_are_due_and_see_their_own_time()
    {
        var start = _time.GetUtcNow();
        var fired = new List<(string Name, TimeSpan At)>();
        ITimer Timer(string name, double due, double period) =>
            _time.CreateTimer(_ => fired.Add((name, _time.GetUtcNow() - start)), null, due * Second, period < 0 ? Timeout.InfiniteTimeSpan : period * Second);
        using var a = Timer("a", 2, -1);
        using var b = Timer("b", 1, 1);
        _time.Advance(2.5 * Second);
        Assert.Equal([("b", Second), ("a", 2 * Second), ("b", 2 * Second)], fired);
        Assert.Equal(1, _time.ActiveTimers);
    }

    [Fact]
    public void A_disposed_or_changed_timer_does_not_fire_as_it_would_have()
    {
        var fired = 0;
        var timer = _time.CreateTimer(_ => fired++, null, Second, Second);
        Assert.True(timer.Change(3 * Second, Timeout.InfiniteTimeSpan));
        _time.Advance(2 * Second);
        Assert.Equal(0, fired);
        _time.Advance(5 * Second);
        Assert.Equal(1, fired);
        timer.Dispose();
        Assert.False(timer.Change(Second, Second));
        _time.Advance(5 * Second);
        Assert.Equal(1, fired);
    }

    [Fact]
    public void A_timer_made_by_a_timer_fires_in_the_same_advance_when_it_falls_due()
    {
        var fired = new List<string>();
        using var outer = _time.CreateTimer(_ => { fired.Add("outer"); _time.CreateTimer(_ => fired.Add("inner"), null, Second, Timeout.InfiniteTimeSpan); },
            null, Second, Timeout.InfiniteTimeSpan);
        _time.Advance(2 * Second);
        Assert.Equal(["outer", "inner"], fired);
    }

    [Fact]
    public async Task Waiting_on_this_clock_ends_when_it_is_moved()
    {
        var waiting = Task.Delay(TimeSpan.FromHours(5), _time);
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromHours(5));
        await waiting;
        using var limit = new CancellationTokenSource(TimeSpan.FromDays(1), _time);
        _time.Advance(TimeSpan.FromDays(2));
        Assert.True(limit.IsCancellationRequested);
    }
}
