using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tape.Collect.Health;
using Tape.Collect.Logging;
using Tape.Collect.Tests.Support;
using Tape.Core.Health;
using Tape.Core.Logging;
using Tape.Core.Time;
using Tape.Core.Values;
using Tape.Host.Logging;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Logging;
using Tape.TestKit.Time;

namespace Tape.Collect.Tests.Logging;

public class LogTests
{
    private static readonly RecorderStatus Status = new(
        new UnixNanos(1_763_700_000_123_456_700), new StateReport(RecorderState.Degraded, ["one \"why\"", "two"], ["do", "this"]),
            new UnixNanos(1_763_600_000_000_000_000),
        12.5, 1000, 250_000, 81.5, 7, 0.25, 1100,
        [new ConnectionStatus("binance", "market", 0, 17, 900, ""), new ConnectionStatus("binance", "public", 1, 0, 100, "venue_closed: 1001")],
        [new StreamStatus(new StreamKey("binance", "aggTrade", "BTCUSDT"), StreamHealth.Live, 900, 12.5, 0.3, 7),
            new StreamStatus(new StreamKey("binance", "depth", "币安USDT"), StreamHealth.Down, 0, 0, null, 0)])
    {
        Clock = new ClockOffset("binance", new UnixNanos(1_763_600_000_000_000_100), -12_345_678, 1_500_000),
    };

    [Fact]
    public void A_heartbeat_is_one_line_that_gives_the_status_back()
    {
        var lines = new LogLines();
        new RecorderLog(lines, new FakeTime()).Heartbeat(Status);
        var line = Assert.Single(lines.Named("heartbeat"));
        Assert.Equal(
            """
            {"state":"DEGRADED","why":["one \"why\"","two"],"since":"2025-11-20T00:53:20.000000000Z","advice":["do","this"],"uptime_s":12.5,"frames":1000,
            "frame_bytes":250000,"frames_per_s":81.5,"dropped":7,"queue_utilization":0.25,"synced_seq":1100,"connection_counts":{"planned":2,"open":1},
            "connections":[{"venue":"binance","route":"public","shard":1,"conn":0,"frames":100,"last_end":"venue_closed: 1001"},
            {"venue":"binance","route":"market","shard":0,"conn":17,"frames":900}],
            "stream_counts":{"live":1,"waiting":0,"silent":0,"unproven":0,"refused":0,"down":1},
            "streams":[{"venue":"binance","channel":"depth","symbol":"币安USDT","health":"down","frames":0,"frames_per_s":0,"dropped":0},
            {"venue":"binance","channel":"aggTrade","symbol":"BTCUSDT","health":"live","frames":900,"frames_per_s":12.5,"dropped":7,"quiet_s":0.3}],
            "log_lines_lost":0,
            "clock":{"venue":"binance","measured_at":"2025-11-20T00:53:20.000000100Z","offset_ms":-12.345678,"uncertainty_ms":1.5}}
            """.ReplaceLineEndings(""),
            JsonSerializer.Serialize(line.EnumerateObject().Where(field => field.Name is not ("time" or "level" or "event"))
                .ToDictionary(field => field.Name, field => field.Value), new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal(JsonSerializer.Serialize(HeartbeatLine.Of(Status, 0)), JsonSerializer.Serialize(HeartbeatLine.Read(line)));
    }

    [Fact]
    public void A_heartbeat_does_not_grow_with_the_number_of_streams_and_has_the_worst_ones()
    {
        var streams = Enumerable.Range(0, 2000).Select(number => new StreamStatus(new StreamKey("okx", "trades", $"S{number}"),
            number % 100 == 7 ? StreamHealth.Silent : StreamHealth.Live, 5, 1, number, 0)).ToList();
        var connections = Enumerable.Range(0, 60).Select(number => new ConnectionStatus("okx", "public", number, number == 59 ? 0 : number + 1, 1, ""))
            .ToList();
        var lines = new LogLines();
        new RecorderLog(lines, new FakeTime()).Heartbeat(Status with { Streams = streams, Connections = connections });
        var line = Assert.Single(lines.Named("heartbeat"));
        Assert.InRange(line.GetRawText().Length, 1, 8192);
        var read = HeartbeatLine.Read(line);
        Assert.Equal((new StreamCounts(Live: 1980, Silent: 20), new HeartbeatConnectionCounts(60, 59)), (read.StreamCounts, read.ConnectionCounts));
        Assert.Equal((HeartbeatLine.StreamsMax, "S1907", "S7"), (read.Streams.Count, read.Streams[0].Symbol, read.Streams[^1].Symbol));
        Assert.Equal((HeartbeatLine.ConnectionsMax, 59), (read.Connections.Count, read.Connections[0].Shard));
    }

    [Fact]
    public void A_line_that_is_no_heartbeat_is_refused_with_a_reason()
    {
        using var json = JsonDocument.Parse("""{"time":"2026-11-21T00:00:00Z","state":"READY"}""");
        Assert.Contains("missing required properties", Assert.Throws<JsonException>(() => HeartbeatLine.Read(json.RootElement)).Message);
    }

    [Theory]
    [InlineData(499, "info")]
    [InlineData(502, "info")]
    [InlineData(504, "warning")]
    [InlineData(-504, "warning")]
    public void A_clock_that_is_certainly_far_off_is_a_warning_that_says_what_to_do(int offsetMs, string level)
    {
        var lines = new LogLines();
        new RecorderLog(lines, new FakeTime())
            .ClockOffset(new ClockOffset("binance", new UnixNanos(1), offsetMs * UnixNanos.PerMillisecond, 3 * UnixNanos.PerMillisecond));
        var line = Assert.Single(lines.Named("clock_offset"));
        Assert.Equal((level, offsetMs, level == "warning"),
            (line.GetProperty("level").GetString(), line.GetProperty("offset_ms").GetInt32(), line.TryGetProperty("advice", out _)));
    }

    [Fact]
    public void A_sink_that_throws_is_counted_and_tried_again()
    {
        var lines = new LogLines { Fault = new InvalidOperationException("broken") };
        var log = new RecorderLog(lines, new FakeTime());
        log.StorageTrouble("one");
        Assert.Equal(1, log.LostLines);
        lines.Fault = null;
        log.Heartbeat(Status);
        Assert.Equal(1, lines.Named("heartbeat")[0].GetProperty("log_lines_lost").GetInt64());
    }

    [Fact]
    public void Full_queues_are_told_once_a_second()
    {
        var (lines, time) = (new LogLines(), new FakeTime());
        var (log, plan) = (new RecorderLog(lines, time), StorageLoopRig.Venue.Plan(new(["BTCUSDT"], ["aggTrade"]))[0]);
        for (var drop = 1; drop <= 50; drop++)
        {
            log.QueueFull(plan, 1, drop);
            time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(5, lines.Named("queue_full_drop").Count);
    }

    [Fact]
    public void A_place_that_blocks_holds_nobody_up_and_what_it_misses_is_counted()
    {
        var blocked = new BlockedSink();
        var log = new BackgroundLog(blocked);
        for (var line = 0; line < 2 * BackgroundLog.LinesMax; line++) log.Write(Encoding.UTF8.GetBytes($"{line}"));
        Assert.InRange(log.LostLines, BackgroundLog.LinesMax - 2, BackgroundLog.LinesMax);
        var lost = log.LostLines;
        blocked.Open.Set();
        log.Dispose();
        Assert.Equal(2 * BackgroundLog.LinesMax - lost, blocked.Lines.Count);
        Assert.Equal(Enumerable.Range(0, 1000).Select(line => $"{line}"), blocked.Lines.Take(1000));
    }

    private sealed class BlockedSink : ILogSink
    {
        public ManualResetEventSlim Open { get; } = new(false);

        public List<string> Lines { get; } = [];

        public void Write(ReadOnlySpan<byte> line)
        {
            Open.Wait();
            Lines.Add(Encoding.UTF8.GetString(line));
        }
    }
}
