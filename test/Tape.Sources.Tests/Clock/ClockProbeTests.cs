using System.Net;
using System.Text;
using Tape.Core.Time;
using Tape.Core.Values;
using Tape.Sources.Clock;
using Tape.Sources.Rest;
using Tape.Sources.Tests.Support;
using Tape.TestKit.Time;

namespace Tape.Sources.Tests.Clock;

public sealed class ClockProbeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(750)]
    [InlineData(-1250)]
    public async Task The_true_offset_lies_within_the_stated_uncertainty_of_the_fastest_sample(int aheadMs)
    {
        using var rig = new EngineRig();
        var delays = new Queue<(int There, int Back)>([(40, 90), (300, 10), (3, 5), (60, 60), (20, 80)]);
        rig.Handler.Answer((_, _) =>
        {
            var (there, back) = delays.Dequeue();
            rig.Time.Advance(TimeSpan.FromMilliseconds(there));
            var answer = ServerTime(rig.Time.GetUtcNow().AddMilliseconds(-aheadMs));
            rig.Time.Advance(TimeSpan.FromMilliseconds(back));
            return Task.FromResult(answer);
        });
        var measuring = new ClockProbe("binance", EngineRig.Rest, rig.Engine, rig.Time).MeasureAsync(CancellationToken.None);
        await rig.Time.AdvanceUntilAsync(() => measuring.IsCompleted, "measured");
        var offset = (await measuring).Offset!;
        Assert.Equal(5, rig.Handler.Requests.Count);
        Assert.Equal(4_500_000, offset.UncertaintyNanos);
        Assert.InRange(Math.Abs(offset.Nanos - aheadMs * UnixNanos.PerMillisecond), 0, offset.UncertaintyNanos);
        Assert.Equal(aheadMs is not 0, offset.IsFar);
    }

    [Fact]
    public async Task Without_one_good_sample_there_is_the_reason_instead()
    {
        using var rig = new EngineRig();
        rig.Handler.Answer(451);
        var (offset, failure) = await new ClockProbe("binance", EngineRig.Rest, rig.Engine, rig.Time).MeasureAsync(CancellationToken.None);
        Assert.Null(offset);
        Assert.Equal(RestFailureKind.RegionBlocked, failure!.Kind);
    }

    [Fact]
    public async Task It_is_measured_every_five_minutes_and_soon_after_a_step_of_the_wall_clock()
    {
        using var rig = new EngineRig();
        rig.Handler.Answer((_, _) => Task.FromResult(ServerTime(rig.Time.GetUtcNow())));
        using var stop = new CancellationTokenSource();
        var offsets = new List<(ClockOffset Offset, long At)>();
        var watching = new ClockPoller(new ClockProbe("binance", EngineRig.Rest, rig.Engine, rig.Time), rig.Time)
            .RunAsync(offset => offsets.Add((offset, rig.Time.GetTimestamp())), failure => Assert.Fail(failure.Message), stop.Token);
        await rig.Time.AdvanceUntilAsync(() => offsets.Count == 2, "measured twice", TimeSpan.FromSeconds(1));
        Assert.InRange(rig.Time.GetElapsedTime(offsets[0].At, offsets[1].At), ClockPoller.Every, ClockPoller.Every + TimeSpan.FromSeconds(15));
        rig.Time.StepWall(TimeSpan.FromHours(1));
        var stepped = rig.Time.GetTimestamp();
        await rig.Time.AdvanceUntilAsync(() => offsets.Count == 3, "measured after the step", TimeSpan.FromSeconds(1));
        Assert.InRange(rig.Time.GetElapsedTime(stepped, offsets[2].At), TimeSpan.Zero, TimeSpan.FromSeconds(20));
        await stop.CancelAsync();
        await watching;
    }

    private static HttpResponseMessage ServerTime(DateTimeOffset time) =>
        new(HttpStatusCode.OK) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes($"{{\"serverTime\":{time.ToUnixTimeMilliseconds()}}}")) };
}
