using Tape.Collect.Clock;
using Tape.Collect.Health;
using Tape.Collect.Tests.Support;
using Tape.Core.Health;
using Tape.Core.Values;
using Tape.Storage.Files;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Files;
using Tape.TestKit.Time;

namespace Tape.Collect.Tests.Storing;

/// <summary>
/// A laptop that is closed and opened hours later, on a system whose monotonic clock stands meanwhile (Linux) and on one whose goes on (Windows).
/// </summary>
public sealed class SleepTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Night = TimeSpan.FromHours(7);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTime _time = new();
    private readonly StorageLoopRig _rig;

    public SleepTests() => _rig = new StorageLoopRig(_folder["vault"], DiskFiles.Instance, _time);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Waking_is_noted_with_a_new_anchor_and_no_stream_is_judged_by_the_night(bool monotonicGoesOn)
    {
        var (session, connection) = Record();
        _time.Sleep(Night, monotonicGoesOn);
        _rig.Step(Second);
        _rig.Step(Second);

        var note = Assert.Single(_rig.Stored().Select(record => record.Note).OfType<ClockStepNote>());
        var noticed = monotonicGoesOn ? TimeSpan.FromTicks(note.StillNanos!.Value / 100) : TimeSpan.FromTicks(note.StepNanos / 100);
        Assert.InRange(noticed, Night, Night + 3 * Second);
        Assert.Equal(monotonicGoesOn, note.StillNanos is not null);
        Assert.False(session.IsCancellationRequested);
        var status = _rig.Board.Latest!;
        Assert.DoesNotContain(status.Streams, stream => stream.Health is StreamHealth.Silent or StreamHealth.Unproven);
        Assert.Contains(status.Streams, stream => stream.QuietSeconds is not null);
        Assert.All(status.Streams.Where(stream => stream.QuietSeconds is not null), stream => Assert.InRange(stream.QuietSeconds!.Value, 0, 3));
        var last = _rig.Stored().Last(record => record.Kind == RecordKind.Tick);
        Assert.Equal(UnixNanos.From(_time.GetUtcNow()), last.Time);
        Assert.NotEqual(0, connection);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void There_is_one_tick_for_the_night_and_one_for_each_second_after(bool monotonicGoesOn)
    {
        Record();
        var before = Ticks();
        _time.Sleep(Night, monotonicGoesOn);
        for (var step = 0; step < 5; step++) _rig.Step(Second);
        Assert.Equal(before + 5, Ticks());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_connection_on_which_nothing_comes_after_waking_is_soon_taken_for_dead(bool monotonicGoesOn)
    {
        var (session, _) = Record();
        _time.Sleep(Night, monotonicGoesOn);
        // Quotes may be silent for a minute, so that is how long it takes here; the route's idle timeout is longer.
        var seconds = 0;
        for (; seconds < 600 && !session.IsCancellationRequested; seconds++) _rig.Step(Second);
        var plan = _rig.Plan("public");
        var patience = plan.Streams.Min(stream => stream.SilentAfter)!.Value;
        Assert.InRange(TimeSpan.FromSeconds(seconds), HealthRules.AfterWaking, Min(patience, plan.Limits.IdleTimeout) + 3 * Second);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_connection_that_lives_through_a_nap_is_left_alone(bool monotonicGoesOn)
    {
        var (session, connection) = Record();
        _time.Sleep(TimeSpan.FromMinutes(2), monotonicGoesOn);
        for (var seconds = 0; seconds < 600; seconds++)
        {
            if (seconds % 20 == 0) _rig.Enqueue(connection, "{}"u8);
            _rig.Step(Second);
        }

        Assert.False(session.IsCancellationRequested);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_waits_to_dial_again_is_woken(bool monotonicGoesOn)
    {
        Record();
        var waiting = _rig.Context.Wakes.DelayAsync(Night * 2, _time, CancellationToken.None);
        _rig.Step(Second);
        Assert.False(waiting.IsCompleted);
        _time.Sleep(Night, monotonicGoesOn);
        _rig.Step(Second);
        Assert.True(await waiting);
    }

    [Fact]
    public void A_storage_thread_that_was_held_up_judges_nothing_by_the_time_it_missed()
    {
        var (session, connection) = Record();
        _time.Advance(TimeSpan.FromMinutes(20));
        _rig.Enqueue(connection, "{}"u8);
        _rig.Step();
        _rig.Step(Second);
        Assert.False(session.IsCancellationRequested);
        Assert.DoesNotContain(_rig.Board.Latest!.Streams, stream => stream.Health is StreamHealth.Silent or StreamHealth.Unproven);
    }

    [Theory]
    [InlineData(0.09, 0)]
    [InlineData(0.2, 1)]
    [InlineData(-0.2, 1)]
    [InlineData(86_400, 1)]
    [InlineData(-86_400, 1)]
    public void A_step_is_noted_once_and_the_ticks_after_it_follow_the_wall_clock(double seconds, int notes)
    {
        var (session, _) = Record();
        _time.StepWall(TimeSpan.FromSeconds(seconds));
        for (var step = 0; step < 5; step++) _rig.Step(Second);
        var stored = _rig.Stored();
        Assert.Equal(notes, stored.Count(record => record.Note is ClockStepNote));
        Assert.False(session.IsCancellationRequested);
        var ticks = stored.Where(record => record.Kind == RecordKind.Tick).Select(record => record.Time).ToList();
        Assert.InRange(UnixNanos.From(_time.GetUtcNow()).Since(ticks[^1]).Duration(), TimeSpan.Zero, ClockMonitor.StepOver);
        Assert.All(ticks.TakeLast(5).Zip(ticks.TakeLast(4)), pair => Assert.Equal(Second, pair.Second.Since(pair.First)));
    }

    public void Dispose()
    {
        _rig.StorageLoop.Dispose();
        _folder.Dispose();
    }

    /// <summary>Records a few seconds on the route of the quotes.</summary>
    private (CancellationTokenSource Session, long Connection) Record()
    {
        var connection = _rig.Connect("public");
        var session = new CancellationTokenSource();
        _rig.Context.Watch(connection, session);
        for (var step = 0; step < 3; step++)
        {
            _rig.Enqueue(connection, "{}"u8);
            _rig.Step(Second);
        }

        return (session, connection);
    }

    private int Ticks() => _rig.Stored().Count(record => record.Kind == RecordKind.Tick);

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
