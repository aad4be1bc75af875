using Tape.Collect.Connections;
using Tape.Collect.Health;
using Tape.Collect.Tests.Support;
using Tape.Core.Health;
using Tape.TestKit.Net;
using Tape.TestKit.Time;

namespace Tape.Collect.Tests.Connections;

/// <summary>How all connections of a venue behave when it refuses our address.</summary>
public class VenueAccessTests
{
    private readonly FakeTime _time = new();
    private readonly VenueAccess _access;

    public VenueAccessTests() => _access = new VenueAccess("binance", 300, _time);

    [Theory]
    [InlineData(429, 60, "no more connections")]
    [InlineData(418, 300, "banned")]
    [InlineData(451, 1800, "region")]
    [InlineData(403, 600, "blocks")]
    public async Task Without_a_header_the_door_stays_closed_for_a_stated_time(int status, int seconds, string meaning)
    {
        var refusal = (await _access.EnterAsync(default)).Refused(status, null)!;
        Assert.Contains(meaning, refusal.ToString(), StringComparison.Ordinal);
        Assert.Contains($"HTTP {status}", refusal.ToString(), StringComparison.Ordinal);
        Assert.Equal(_time.GetUtcNow().AddSeconds(seconds), refusal.Until.ToDateTimeOffset());
        await OpensAfterAsync(TimeSpan.FromSeconds(seconds));
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(0, 1)]
    [InlineData(86_400, 86_400)]
    [InlineData(100_000_000, 3 * 86_400)]
    public async Task The_header_is_honoured_within_reason(int header, int seconds)
    {
        (await _access.EnterAsync(default)).Refused(418, TimeSpan.FromSeconds(header));
        await OpensAfterAsync(TimeSpan.FromSeconds(seconds));
    }

    [Fact]
    public async Task Refusals_in_a_row_make_the_waits_longer_up_to_a_limit()
    {
        var waits = new List<double>();
        for (var refusals = 0; refusals < 8; refusals++)
        {
            var refusal = (await EnterAsync()).Refused(429, null)!;
            waits.Add((refusal.Until.ToDateTimeOffset() - _time.GetUtcNow()).TotalSeconds);
            _time.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.Equal([60, 120, 240, 480, 600, 600, 600, 600], waits);
        (await EnterAsync()).Opened();
        Assert.Null(_access.Refusal);
        Assert.Equal(60, ((await EnterAsync()).Refused(429, null)!.Until.ToDateTimeOffset() - _time.GetUtcNow()).TotalSeconds);
    }

    [Fact]
    public async Task A_header_of_a_second_that_is_always_in_vain_is_not_obeyed_each_second()
    {
        for (var refusals = 0; refusals < 10; refusals++)
        {
            (await EnterAsync()).Refused(429, TimeSpan.FromSeconds(1));
            _time.Advance(TimeSpan.FromSeconds(60));
        }

        Assert.Equal(60, ((await EnterAsync()).Refused(429, TimeSpan.FromSeconds(1))!.Until.ToDateTimeOffset() - _time.GetUtcNow()).TotalSeconds);
    }

    [Fact]
    public async Task After_the_wait_one_tries_alone_and_the_others_follow_when_it_got_in()
    {
        (await _access.EnterAsync(default)).Refused(429, TimeSpan.FromSeconds(5));
        var waiting = Enumerable.Range(0, 5).Select(_ => _access.EnterAsync(default)).ToList();
        await _time.AdvanceUntilAsync(() => waiting.Any(task => task.IsCompleted), "one may try", TimeSpan.FromMilliseconds(100));
        await _time.AdvanceUntilAsync(() => _time.GetTimestamp() > 60_000_000_000L, "a minute is over", TimeSpan.FromMilliseconds(100));
        var trial = Assert.Single(waiting, task => task.IsCompleted);
        (await trial).Failed();
        await _time.AdvanceUntilAsync(() => waiting.Count(task => task.IsCompleted) == 2, "the next may try");
        (await waiting.Single(task => task != trial && task.IsCompleted)).Opened();
        await _time.AdvanceUntilAsync(() => waiting.TrueForAll(task => task.IsCompleted), "all may");
        Assert.Null(_access.Refusal);
    }

    [Fact]
    public async Task Attempts_that_were_under_way_together_count_as_one_refusal_and_none_opens_the_door_again()
    {
        var attempts = new List<VenueAccess.Attempt>();
        for (var count = 0; count < 4; count++) attempts.Add(await _access.EnterAsync(default));
        attempts[0].Refused(429, null);
        attempts[1].Refused(429, null);
        attempts[2].Opened();
        Assert.Equal(_time.GetUtcNow().AddSeconds(60), _access.Refusal!.Until.ToDateTimeOffset());
        attempts[3].Refused(418, TimeSpan.FromSeconds(120));
        Assert.Equal((418, _time.GetUtcNow().AddSeconds(120)), (_access.Refusal.Status, _access.Refusal.Until.ToDateTimeOffset()));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Other_statuses_concern_the_one_connection(int status)
    {
        Assert.Null((await _access.EnterAsync(default)).Refused(status, TimeSpan.FromHours(1)));
        Assert.NotNull(await _access.EnterAsync(default));
    }

    [Fact]
    public async Task Two_connections_of_a_banned_address_make_one_attempt_each_time_and_it_is_told()
    {
        await using var rig = new ConnectionRig();
        rig.Dialer.Answer = _ => throw new UpgradeRefusedException(418, TimeSpan.FromSeconds(90));
        rig.Start();
        using var stop = new CancellationTokenSource();
        await rig.UntilAsync(() => rig.Context.Refusals().Count > 0, "the first is refused");
        var second = new VenueConnection(rig.Plan, StorageLoopRig.Venue, rig.Context).RunAsync(stop.Token);
        await rig.UntilAsync(() => rig.Dialer.DialedAtSeconds.Count >= 4, "four attempts", TimeSpan.FromMilliseconds(500));
        Assert.All(rig.Dialer.DialedAtSeconds.Zip(rig.Dialer.DialedAtSeconds.Skip(1)),
            pair => Assert.True(pair.Second - pair.First >= 90, string.Join(", ", rig.Dialer.DialedAtSeconds)));
        var line = rig.Log.Named("ws_connect_failed")[0];
        Assert.Equal((418, 90), (line.GetProperty("status").GetInt32(), line.GetProperty("retry_after_s").GetInt32()));
        Assert.Contains("banned", line.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains("ban longer", line.GetProperty("advice").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("Z", line.GetProperty("no_attempt_before").GetString(), StringComparison.Ordinal);
        rig.Dialer.Answer = _ => new ScriptedSocket();
        await rig.UntilAsync(() => rig.Dialer.Sockets.Count == 2, "both get in", TimeSpan.FromMilliseconds(500));
        Assert.Empty(rig.Context.Refusals());
        await stop.CancelAsync();
        await rig.UntilAsync(() => second.IsCompleted, "the second ends");
    }

    [Fact]
    public void A_refusal_is_the_reason_of_the_state_with_advice_while_sockets_are_missing_and_no_reason_while_all_are_open()
    {
        using var folder = new TestKit.Files.TemporaryFolder();
        var rig = new StorageLoopRig(folder.Path, Storage.Files.DiskFiles.Instance, _time);
        var refusal = new AccessRefusal("binance", 451, "does not serve the region of this address", default, "Move.");
        var offline = HealthRules.Judge(rig.View, StorageCondition.Writing, "", 0, [refusal], rig.Context.Steady.Now);
        Assert.Equal((RecorderState.Offline, refusal.ToString(), "Move."), (offline.State, Assert.Single(offline.Why), Assert.Single(offline.Advice)));
        rig.Connect("public");
        rig.Step();
        Assert.Equal(RecorderState.Degraded, HealthRules.Judge(rig.View, StorageCondition.Writing, "", 0, [refusal], rig.Context.Steady.Now).State);
        rig.Connect("market");
        rig.Step();
        Assert.Equal(RecorderState.Ready, HealthRules.Judge(rig.View, StorageCondition.Writing, "", 0, [refusal], rig.Context.Steady.Now).State);
        rig.StorageLoop.Dispose();
    }

    private async Task<VenueAccess.Attempt> EnterAsync()
    {
        var entering = _access.EnterAsync(default);
        await _time.AdvanceUntilAsync(() => entering.IsCompleted, "the door opens");
        return await entering;
    }

    private async Task OpensAfterAsync(TimeSpan wait)
    {
        var entering = _access.EnterAsync(default);
        _time.Advance(wait - TimeSpan.FromMilliseconds(1));
        Assert.False(entering.IsCompleted);
        await _time.AdvanceUntilAsync(() => entering.IsCompleted, "the door opens", TimeSpan.FromMilliseconds(1));
        Assert.InRange(_time.GetElapsedTime(0), wait, wait + TimeSpan.FromSeconds(30));
    }
}
