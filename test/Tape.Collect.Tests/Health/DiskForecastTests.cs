using Tape.Collect.Health;
using Tape.Core.Values;

namespace Tape.Collect.Tests.Health;

public sealed class DiskForecastTests
{
    private readonly DiskForecast _disk = new();
    private UnixNanos _now = new(1_795_219_200_000_000_000);

    [Fact]
    public void A_disk_that_fills_up_within_ten_minutes_is_a_worry_with_the_time_left()
    {
        Pass(seconds: 15, free: second => 3_000_000_000 - second * 50_000_000);
        Assert.Null(_disk.Worry());
        Pass(seconds: 45, free: second => 2_250_000_000 - second * 20_000_000);
        Assert.Matches("^the disk of the vault is full in [0-9]+ s at the pace of the last minute: 1,4[0-9][0-9] MB free, 2[0-9].[0-9] MB/s less$",
            _disk.Worry());
    }

    [Fact]
    public void A_disk_with_room_for_hours_one_that_gets_emptier_and_one_that_stopped_filling_are_none()
    {
        Pass(seconds: 120, free: second => 500_000_000_000 - second * 50_000_000);
        Assert.Null(_disk.Worry());
        Pass(seconds: 60, free: second => 100_000_000 + second * 50_000_000);
        Pass(seconds: 70, free: _ => 100_000_000);
        Assert.Null(_disk.Worry());
    }

    [Fact]
    public void A_disk_that_can_not_be_asked_is_none_and_what_was_known_before_does_not_count()
    {
        Pass(seconds: 60, free: second => 3_000_000_000 - second * 50_000_000);
        Assert.NotNull(_disk.Worry());
        Pass(seconds: 6, free: _ => null);
        Assert.Null(_disk.Worry());
    }

    private void Pass(int seconds, Func<long, long?> free)
    {
        for (var second = 0; second < seconds; second++)
        {
            _now = _now.Add(TimeSpan.FromSeconds(1));
            var at = second;
            _disk.Look(_now, () => free(at));
        }
    }
}
