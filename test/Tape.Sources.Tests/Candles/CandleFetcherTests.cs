using Tape.Core.Values;
using Tape.Sources.Candles;
using Tape.Sources.Rest;
using Tape.Sources.Tests.Support;
using Tape.Storage.Answers;
using Tape.Storage.Journal;
using Tape.TestKit.Files;
using Tape.TestKit.Time;

namespace Tape.Sources.Tests.Candles;

public sealed class CandleFetcherTests : IDisposable
{
    private const long Minute = 60_000;
    private static readonly OwnerInfo Owner = new("tests", 1, new UnixNanos(1));

    private readonly TemporaryFolder _root = new();
    private readonly EngineRig _rig = new();
    private readonly AnswersAppender _log;

    public CandleFetcherTests() =>
        _log = new AnswersAppender(() => AnswersWriter.Open(TestDisk.Files, _root["vault"], new FakeTime(), new Random(1), Owner, AnswersLog.Candles));

    [Fact]
    public async Task An_answer_is_on_the_log_before_it_is_given_out_and_reads_the_same_from_there()
    {
        var from = FirstMinute();
        _rig.Handler.Answer(200, Body((from, 5), (from + Minute, 0), (from + 2 * Minute, 3)));
        var (answer, failure) = await FetchAsync("BTCUSDT", from, from + 2 * Minute);
        Assert.Null(failure);
        var stored = Assert.Single(AnswersLog.Read(TestDisk.Files, _root["vault"], AnswersLog.Candles));
        Assert.Equal((answer!.Seq, "candles", "BTCUSDT", from, from + 2 * Minute),
            (stored.Seq, stored.Head.Request, stored.Head.Symbol, stored.Head.FromMs, stored.Head.ToMs));
        Assert.Equal(answer.Head, stored.Head);
        Assert.Equal(answer.Body(), stored.Body());
    }

    [Fact]
    public async Task A_failure_leaves_nothing_on_the_log()
    {
        _rig.Handler.Answer(400, "{\"code\":-1121,\"msg\":\"Invalid symbol.\"}");
        var (answer, failure) = await FetchAsync("NONE", FirstMinute(), FirstMinute() + Minute);
        Assert.Null(answer);
        Assert.Contains("Invalid symbol", failure!.Message, StringComparison.Ordinal);
        Assert.Empty(AnswersLog.Read(TestDisk.Files, _root["vault"], AnswersLog.Candles));
    }

    public void Dispose()
    {
        _log.Dispose();
        _rig.Dispose();
        _root.Dispose();
    }

    private static long FirstMinute() => new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private static string Body(params (long OpenTimeMs, int Trades)[] rows) => $"[{string.Join(',', rows.Select(row => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"[{row.OpenTimeMs},\"1\",\"2\",\"0.5\",\"1.5\",\"{row.Trades}\",{row.OpenTimeMs + 59_999},\"{row.Trades}\",{row.Trades},\"0\",\"0\",\"0\"]")))}]";

    private async Task<(StoredAnswer? Answer, RestFailure? Failure)> FetchAsync(string symbol, long from, long to)
    {
        var asking = new CandleFetcher(EngineRig.Venue, _rig.Engine, _log).FetchAsync(symbol, from, to, CancellationToken.None);
        await _rig.Time.AdvanceUntilAsync(() => asking.IsCompleted, "an answer or a failure", TimeSpan.FromMilliseconds(100));
        return await asking;
    }
}
