using System.Text.Json;
using Tape.Api.Live;
using Tape.Api.Tests.Support;
using Tape.Core.Health;
using Tape.Core.Values;
using Tape.Storage.Tapes.Notes;

namespace Tape.Api.Tests;

public sealed class StateTests : ApiHarness
{
    [Fact]
    public async Task An_empty_vault_is_offline_and_says_how_to_begin()
    {
        Follow();
        await AssertStateAsync("OFFLINE", "nothing was ever recorded here", records: false);
    }

    [Fact]
    public async Task What_the_recorder_said_last_is_the_state()
    {
        Tape.Start().Connect().Tick().Say("READY");
        Follow();
        await AssertStateAsync("READY", null, records: true);
        Tape.Later(1).Tick().Say("DEGRADED", "1 of 4 streams are silent");
        Follow();
        var status = await AssertStateAsync("DEGRADED", "1 of 4 streams are silent", records: true);
        Assert.Equal(5, status.GetProperty("uptime_s").GetDouble());
        Assert.Equal(3, status.GetProperty("recorder").GetProperty("streams").GetProperty("live").GetInt32());
        Assert.Equal("silent", status.GetProperty("streams")[0].GetProperty("condition").GetString());
    }

    [Fact]
    public async Task Until_the_end_of_the_tape_is_read_the_state_is_STARTING_and_says_how_far_it_is()
    {
        await AssertStateAsync("STARTING", "the tape is being opened", records: false);
        Tape.Start().Connect().Tick().Say("READY").Trades(5000).Later(30).Trades(9000).Tick().Later(600);
        var behind = new VaultStatus(Follower.Look().Snapshot with { LastTick = UnixNanos.From(Time.GetUtcNow().AddMinutes(-2)) }, null, null, null,
            IsBehind: true);
        var health = RecorderHealth.Judge(behind, UnixNanos.From(Time.GetUtcNow()));
        Assert.Equal((RecorderState.Starting, false), (health.Report.State, health.IsRecording));
        Assert.Equal("the tape is read up to 2026-11-21T00:08:30.000000000Z, 120 s before now", Assert.Single(health.Report.Why));
        Follow();
        await AssertStateAsync("OFFLINE", "no sign of life from the recorder since 2026-11-21T00:00:30.000000000Z", records: false);
    }

    [Fact]
    public async Task A_recorder_that_stopped_or_fell_silent_or_paused_does_not_record()
    {
        Tape.Start().Connect().Tick().Say("READY").Later(14).Later(0.9);
        Follow();
        await AssertStateAsync("READY", null, records: true);
        Time.Advance(TimeSpan.FromSeconds(1));
        await AssertStateAsync("OFFLINE", "no sign of life from the recorder since 2026-11-21T00:00:00.000000000Z", records: false);
        Tape.Tick().Note(new PausedNote("the disk is full", 3));
        Follow();
        Time.Advance(TimeSpan.FromMinutes(4));
        await AssertStateAsync("ERROR", "recording is paused: the disk is full", records: false);
        Tape.Tick().Note(new ResumedNote("space returned", 1)).Say("READY").Note(new StoppedNote("stopped by its owner"));
        Follow();
        await AssertStateAsync("OFFLINE", "the recorder has stopped: stopped by its owner", records: false);
        Tape.Later(1).Start().Tick();
        Follow();
        await AssertStateAsync("OFFLINE", "starting", records: false);
    }

    [Fact]
    public async Task The_last_quarter_of_an_hour_is_told_minute_by_minute()
    {
        Tape.Start().Connect().Tick();
        for (var minute = 0; minute < 20; minute++) Tape.Trades(minute).Drop(1).Later(60).Tick();
        Follow();
        var recent = (await GetAsync("/status")).GetProperty("recent");
        Assert.Equal(Enumerable.Range(5, 15).Append(0),
            recent.GetProperty("minutes").EnumerateArray().Select(minute => minute.GetProperty("frames").GetInt32()));
        Assert.Equal((Enumerable.Range(5, 15).Sum(), 15, 15),
            (recent.GetProperty("frames").GetInt32(), recent.GetProperty("dropped").GetInt32(), recent.GetProperty("interruptions").GetInt32()));
        var stream = (await GetAsync("/v1/streams?symbol=BTCUSDT")).GetProperty("streams")[0];
        Assert.Equal((190, 20, 180, 15),
            (stream.GetProperty("frames").GetInt32(), stream.GetProperty("dropped").GetInt32(), stream.GetProperty("recent_frames").GetInt32(),
            stream.GetProperty("recent_dropped").GetInt32()));
        await GetAsync("/v1/streams?venue=okx", 400);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.1")]
    public async Task Figures_come_as_JSON_and_as_the_text_of_Prometheus(string accept)
    {
        Tape.Start().Connect().Trades(3).Drop(2).Tick().Say("DEGRADED", "because");
        Follow();
        var json = await GetAsync("/metrics");
        Assert.Equal(3, json.GetProperty("stream_frames_total")[0].GetProperty("value").GetInt32());
        using var answer = await Client.SendAsync(Get("/metrics", ("Accept", accept)));
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n');
        Assert.Contains("tape_state{state=\"DEGRADED\"} 1", lines);
        Assert.Contains("tape_state{state=\"READY\"} 0", lines);
        Assert.Contains("tape_stream_frames_total{venue=\"binance\",channel=\"aggTrade\",symbol=\"BTCUSDT\"} 3", lines);
        Assert.Contains("tape_stream_dropped_total{venue=\"binance\",channel=\"aggTrade\",symbol=\"BTCUSDT\"} 2", lines);
        Assert.Contains("# TYPE tape_stream_frames_total counter", lines);
        Assert.All(lines.Where(line => line.Length > 0), line => Assert.Matches("""^(# (HELP|TYPE) tape_[a-z_]+ .+|tape_[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? -?[0-9.E+-]+)$""", line));
    }

    private async Task<JsonElement> AssertStateAsync(string state, string? why, bool records)
    {
        var status = await GetAsync("/status");
        Assert.Equal(state, status.GetProperty("state").GetString());
        Assert.Equal(why is null ? [] : [why], status.GetProperty("why").EnumerateArray().Select(reason => reason.GetString()));
        Assert.Equal(records, status.GetProperty("recording").GetBoolean());
        Assert.Equal(state, (await GetAsync("/health", records ? 200 : 503)).GetProperty("state").GetString());
        return status;
    }
}
