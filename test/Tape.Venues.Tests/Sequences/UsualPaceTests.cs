using Tape.Core.Values;
using Tape.Venues.Sequences;

namespace Tape.Venues.Tests.Sequences;

/// <summary>When a stream is silent by its own pace.</summary>
public sealed class UsualPaceTests
{
    private static readonly TimeSpan Channel = TimeSpan.FromMinutes(10);

    private long _now = UnixNanos.PerSecond;

    [Fact]
    public void It_begins_with_the_limit_of_its_channel()
    {
        var pace = new UsualPace(Channel, isFixed: false);
        Assert.Equal(600, Seconds(pace));
        pace.Received(_now);
        Assert.Equal(600, Seconds(pace));
    }

    [Fact]
    public void A_busy_stream_is_silent_sooner_than_its_channel_but_not_within_a_minute()
    {
        var pace = new UsualPace(Channel, isFixed: false);
        Run(pace, 0.05, 3600);
        Assert.InRange(Seconds(pace), 150, 300);
        Run(pace, 0.05, 4 * 3600);
        Assert.Equal(60, Seconds(pace));
    }

    [Fact]
    public void Bursts_do_not_make_a_calm_stream_look_busy()
    {
        var pace = new UsualPace(Channel, isFixed: false);
        for (var hour = 0; hour < 20; hour++)
        {
            Run(pace, 0.01, 180);
            Run(pace, 300, 300);
        }

        Assert.True(Seconds(pace) > 600, $"{Seconds(pace)} s");
    }

    [Fact]
    public void A_calm_stream_loosens_the_limit_up_to_six_times()
    {
        var pace = new UsualPace(Channel, isFixed: false);
        Run(pace, 900, 6 * 3600);
        Assert.Equal(3600, Seconds(pace));
    }

    [Fact]
    public void One_real_silence_does_not_make_the_watch_blind_for_the_next()
    {
        var pace = new UsualPace(TimeSpan.FromSeconds(60), isFixed: false);
        Run(pace, 0.1, 3600);
        _now += 6 * 3600 * UnixNanos.PerSecond;
        pace.Received(_now);
        Assert.InRange(Seconds(pace), 60, 120);
    }

    [Fact]
    public void Time_in_which_nothing_could_come_is_no_pause_and_a_fixed_pace_stays()
    {
        var pace = new UsualPace(Channel, isFixed: false);
        Run(pace, 1, 2 * 3600);
        var before = pace.SilentAfter;
        pace.Interrupt();
        _now += 3600 * UnixNanos.PerSecond;
        pace.Received(_now);
        Assert.Equal(before, pace.SilentAfter);
        var metronome = new UsualPace(Channel, isFixed: true);
        Run(metronome, 1, 3600);
        Assert.Equal(600, Seconds(metronome));
    }

    [Fact]
    public void What_was_learnt_goes_on_exactly()
    {
        var one = new UsualPace(Channel, isFixed: false);
        Run(one, 7, 3600);
        var other = new UsualPace(Channel, isFixed: false);
        other.Restore(one.State!);
        Assert.Equal(one.SilentAfter, other.SilentAfter);
        _now += 9 * UnixNanos.PerSecond;
        one.Received(_now);
        other.Received(_now);
        Assert.Equal(one.State, other.State);
    }

    private static double Seconds(UsualPace pace) => Math.Round(pace.SilentAfter / 1e9);

    private void Run(UsualPace pace, double every, double seconds)
    {
        for (var end = _now + (long)(seconds * 1e9); _now < end;)
        {
            _now += (long)(every * 1e9);
            pace.Received(_now);
        }
    }
}
