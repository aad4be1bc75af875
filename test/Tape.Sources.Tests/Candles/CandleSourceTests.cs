using System.Text;
using Tape.Core.Candles;
using Tape.Core.Values;
using Tape.Sources.Candles;
using Tape.Sources.Rest;
using Tape.Sources.Tests.Support;
using Tape.Storage.Answers;
using Tape.Storage.Journal;
using Tape.TestKit.Files;
using Tape.TestKit.Time;
using Tape.Venues.Rest;

namespace Tape.Sources.Tests.Candles;

public sealed class CandleSourceTests : IDisposable
{
    private const long Minute = 60_000;
    private static readonly OwnerInfo Owner = new("tests", 1, new UnixNanos(1));

    private readonly TemporaryFolder _root = new();
    private readonly EngineRig _rig = new();
    private readonly AnswersAppender _log;

    public CandleSourceTests() =>
        _log = new AnswersAppender(() => AnswersWriter.Open(TestDisk.Files, _root["vault"], new FakeTime(), new Random(1), Owner));

    [Fact]
    public async Task An_answer_is_on_the_log_before_it_is_given_out_and_reads_the_same_from_there()
    {
        var from = FirstMinute();
        _rig.Handler.Answer(200, Body((from, 5), (from + Minute, 0), (from + 2 * Minute, 3)));
        var (page, failure) = await FetchAsync("BTCUSDT", from, from + 2 * Minute);
        Assert.Null(failure);
        Assert.Equal([from, from + Minute], page!.Candles.Select(candle => candle.OpenTimeMs));
        var stored = Assert.Single(AnswersLog.Read(TestDisk.Files, _root["vault"]));
        Assert.Equal((page.Seq, "candles", "BTCUSDT", from, from + 2 * Minute),
            (stored.Seq, stored.Head.Request, stored.Head.Symbol, stored.Head.FromMs, stored.Head.ToMs));
        var again = CandlePage.Of(stored, EngineRig.Venue)!;
        Assert.Equal(page.Candles, again.Candles);
        Assert.Equal((page.ReceivedAt, page.FromMs, page.ToMs), (again.ReceivedAt, again.FromMs, again.ToMs));
    }

    [Fact]
    public async Task The_minute_that_is_not_over_is_no_candle_yet()
    {
        var now = _rig.Time.GetUtcNow().ToUnixTimeMilliseconds() / Minute * Minute;
        _rig.Handler.Answer(200, Body((now - Minute, 5), (now, 1)));
        var (page, _) = await FetchAsync("BTCUSDT", now - Minute, now + Minute);
        Assert.Equal(now - Minute, Assert.Single(page!.Candles).OpenTimeMs);
    }

    [Fact]
    public async Task A_failure_leaves_nothing_on_the_log()
    {
        _rig.Handler.Answer(400, "{\"code\":-1121,\"msg\":\"Invalid symbol.\"}");
        var (page, failure) = await FetchAsync("NONE", FirstMinute(), FirstMinute() + Minute);
        Assert.Null(page);
        Assert.Contains("Invalid symbol", failure!.Message, StringComparison.Ordinal);
        Assert.Empty(AnswersLog.Read(TestDisk.Files, _root["vault"]));
    }

    [Fact]
    public void Where_a_venue_leaves_minutes_without_trades_out_only_a_hole_between_two_rows_that_is_two_minutes_old_proves_one()
    {
        var head = new AnswerHead("venue", "candles", "", 200, 0, 10 * Minute * UnixNanos.PerMillisecond) { Symbol = "A", FromMs = 0, ToMs = 10 * Minute };
        IReadOnlyList<long> Empty(params int[] rows) => CandlePage.Of(head, 1, "A", 0, 10 * Minute, new Omits(),
            new CandleAnswer([.. rows.Select(minute => Flat(minute * Minute))], [], null)).EmptyMinutes;

        Assert.Equal([3 * Minute, 4 * Minute, 6 * Minute], Empty(2, 5, 7));
        Assert.Empty(Empty(5));
        Assert.Empty(Empty());
        Assert.Equal([6 * Minute, 7 * Minute], Empty(5, 9));
        Assert.Equal([0L], Empty(-1, 1));
    }

    public void Dispose()
    {
        _log.Dispose();
        _rig.Dispose();
        _root.Dispose();
    }

    private static long FirstMinute() => new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private static Candle Flat(long openTimeMs) => new() { OpenTimeMs = openTimeMs, Open = 1, High = 1, Low = 1, Close = 1, Volume = 1 };

    private static string Body(params (long OpenTimeMs, int Trades)[] rows) => $"[{string.Join(',', rows.Select(row => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"[{row.OpenTimeMs},\"1\",\"2\",\"0.5\",\"1.5\",\"{row.Trades}\",{row.OpenTimeMs + 59_999},\"{row.Trades}\",{row.Trades},\"0\",\"0\",\"0\"]")))}]";

    private async Task<(CandlePage? Page, RestFailure? Failure)> FetchAsync(string symbol, long from, long to)
    {
        var asking = new CandleSource(EngineRig.Venue, _rig.Engine, _log).FetchAsync(symbol, from, to, CancellationToken.None);
        await _rig.Time.AdvanceUntilAsync(() => asking.IsCompleted, "an answer or a failure", TimeSpan.FromMilliseconds(100));
        return await asking;
    }

    private sealed class Omits : IVenueCandles
    {
        public int RowsMax => 10;

        public TimeSpan? Reach => null;

        public bool OmitsEmptyMinutes => true;

        public RestRequest Page(string symbol, long fromMs, long toMs) => new("candles", $"/{Encoding.UTF8.GetByteCount(symbol)}", 1);

        public CandleAnswer Read(string symbol, ReadOnlyMemory<byte> body) => CandleAnswer.Refused("not asked");
    }
}
