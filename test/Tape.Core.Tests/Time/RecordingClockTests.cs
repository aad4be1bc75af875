using Tape.Core.Time;
using Tape.Core.Values;
using Tape.TestKit.Time;

namespace Tape.Core.Tests.Time;

public sealed class RecordingClockTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void It_starts_at_the_wall_clock_and_runs_on_the_monotonic_one()
    {
        var clock = new RecordingClock(_time);
        Assert.Equal(UnixNanos.From(_time.GetUtcNow()), clock.Now);
        _time.Advance(TimeSpan.FromMilliseconds(1.5));
        Assert.Equal((1_500_000, UnixNanos.From(_time.GetUtcNow())), (clock.Monotonic, clock.Now));
    }

    [Fact]
    public void A_step_of_the_wall_clock_does_not_move_it_but_is_seen()
    {
        var clock = new RecordingClock(_time);
        var before = clock.Now;
        _time.StepWall(TimeSpan.FromSeconds(-3));
        Assert.Equal((before, TimeSpan.FromSeconds(-3)), (clock.Now, clock.WallAhead));
        _time.StepWall(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((before.Add(TimeSpan.FromSeconds(1)), TimeSpan.FromSeconds(7)), (clock.Now, clock.WallAhead));
        Assert.Equal(TimeSpan.Zero, new RecordingClock(_time).WallAhead);
    }

    [Theory]
    [InlineData(10_000_000L)]
    [InlineData(1_000_000_000L)]
    [InlineData(3_579_545L)]
    public void Ticks_of_any_frequency_become_nanoseconds_without_overflow(long frequency)
    {
        var time = new TicksOf(frequency);
        var clock = new RecordingClock(time);
        time.Ticks += frequency * 86_400 * 3650;
        Assert.Equal(3650 * UnixNanos.PerDay, clock.Monotonic);
    }

    private sealed class TicksOf(long frequency) : TimeProvider
    {
        public long Ticks { get; set; } = 1234;
        public override long TimestampFrequency => frequency;
        public override long GetTimestamp() => Ticks;
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}
