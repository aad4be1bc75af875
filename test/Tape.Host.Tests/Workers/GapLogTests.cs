using System.Text.Json;
using Tape.Collect.Logging;
using Tape.Core.Values;
using Tape.Derive.Gaps;
using Tape.Host.Workers;
using Tape.Storage.Gaps;
using Tape.TestKit.Logging;
using Tape.TestKit.Time;

namespace Tape.Host.Tests.Workers;

public sealed class GapLogTests
{
    private const long Now = 1_795_219_200_000_000_000;

    private static readonly StreamKey Stream = new("binance", "aggTrade", "BTCUSDT");

    private readonly LogLines _lines = new();
    private readonly GapLog _log;

    public GapLogTests() => _log = new(new JsonLogger(_lines, new FakeTime()));

    [Fact]
    public void A_gap_is_logged_once_when_it_is_found_with_stream_times_ids_and_cause()
    {
        Take(Gap(second: 1));
        Take(Gap(second: 1), Gap(second: 2), Gap(second: 3) with { Cause = GapCause.OurStop }, Gap(second: 4) with { Repaired = true });
        Take(Gap(second: 1), Gap(second: 2), Open(second: 5));
        Take(Gap(second: 2), Gap(second: 5));
        Assert.Equal(
            ["binance aggTrade BTCUSDT connection_lost 2026-11-21T00:00:02.000000000Z 2026-11-21T00:00:02.500000000Z 7 9 3",
                "binance aggTrade BTCUSDT connection_lost 2026-11-21T00:00:05.000000000Z - 7 9 3"],
            _lines.All.Select(line => $"{Field(line, "venue")} {Field(line, "channel")} {Field(line, "symbol")} {Field(line, "cause")} {Field(line, "from")} "
                + $"{Field(line, "to")} {Field(line, "id_from")} {Field(line, "id_to")} {Field(line, "missing")}"));
    }

    [Fact]
    public void Many_gaps_at_once_get_few_lines_and_a_count()
    {
        Take();
        Take([.. Enumerable.Range(0, 100).Select(second => Gap(second))]);
        Assert.Equal(GapLog.LinesMax, _lines.All.Count(line => Field(line, "event") == "gap_detected"));
        Assert.Equal("80", Field(_lines.All[^1], "more"));
    }

    private void Take(params GapEntry[] gaps) =>
        _log.Take(new GapReport([new(new GapStream(0, Stream, Now), StreamCover.Covered, 0, 0, 0, 0)], gaps, 100, At(120)));

    private static long At(int second) => Now + second * UnixNanos.PerSecond;

    private static GapEntry Gap(int second) =>
        new(0, GapCause.ConnectionLost, At(second), At(second) + 500_000_000, 7, 9, 3, false, 1, 2, 5, 6, 6);

    private static GapEntry Open(int second) => Gap(second) with { To = Absent.Integer, SeqAfter = Absent.Integer };

    private static string Field(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.ToString() : "-";
}
