using Tape.Core.Errors;
using Tape.Core.Files;
using Tape.Core.Values;
using Tape.Sources.Instruments;
using Tape.Sources.Rest;
using Tape.Sources.Tests.Support;
using Tape.Storage.Answers;
using Tape.Storage.Journal;
using Tape.Storage.Tapes;
using Tape.TestKit.Files;
using Tape.TestKit.Time;
using Tape.Venues.Bybit;
using Tape.Venues.Rest;

namespace Tape.Sources.Tests.Instruments;

public sealed class InstrumentSourceTests : IDisposable
{
    private static readonly OwnerInfo Owner = new("tests", 1, new UnixNanos(1));

    private static readonly BybitVenue Bybit = new();

    private readonly TemporaryFolder _root = new();
    private readonly EngineRig _rig = new();
    private readonly AnswersAppender _log;

    public InstrumentSourceTests() => _log = new AnswersAppender(() => Open(TestDisk.Files));

    [Fact]
    public async Task A_list_is_on_the_log_with_its_exact_body_before_it_is_given_out()
    {
        var body = List("BTCUSDT TRADING", "ETHUSDT TRADING");
        _rig.Handler.Answer(200, body);
        var source = Source();
        var (listing, failure) = await FetchAsync(source);
        Assert.Null(failure);
        Assert.Equal(["BTCUSDT", "ETHUSDT"], listing!.Instruments.Select(instrument => instrument.Symbol));
        var stored = Assert.Single(Log());
        Assert.Equal((listing.Seq, "instruments", "https://venue.test/fapi/v1/exchangeInfo", listing.At.Value),
            (stored.Seq, stored.Head.Request, stored.Head.Url, stored.Head.ReceivedAt));
        Assert.Equal(body, System.Text.Encoding.UTF8.GetString(stored.Body()));
    }

    [Fact]
    public async Task The_same_list_again_is_noted_without_its_body_also_by_the_next_process()
    {
        _rig.Handler.Answer(200, List("BTCUSDT TRADING")).Answer(200, List("BTCUSDT TRADING").Replace("1798000000000", "1798000009999"))
            .Answer(200, List("BTCUSDT TRADING")).Answer(200, List("BTCUSDT BREAK"));
        using (var first = new AnswersAppender(() => Open(TestDisk.Files)))
        {
            var source = Source(log: first);
            await FetchAsync(source);
            await FetchAsync(source);
        }

        using var log = new AnswersAppender(() => Open(TestDisk.Files));
        var next = Source(log: log);
        await FetchAsync(next);
        var (last, _) = await FetchAsync(next);
        Assert.Equal([null, 0L, 0L, null], Log().Select(answer => answer.Head.SameAs));
        Assert.Equal(3, last!.Seq);
        Assert.Equal("BREAK", next.Stored()!.Instruments.Single().Status);
    }

    [Fact]
    public async Task Without_the_venue_the_last_list_of_the_log_is_there_with_the_time_it_was_last_confirmed()
    {
        _rig.Handler.Answer(200, List("BTCUSDT TRADING")).Answer(200, List("BTCUSDT TRADING")).Throw(new HttpRequestException("down"));
        var source = Source();
        Assert.Null(source.Stored());
        await FetchAsync(source);
        _rig.Time.Advance(TimeSpan.FromHours(1));
        var (confirmed, _) = await FetchAsync(source);
        var (none, failure) = await FetchAsync(source);
        Assert.Null(none);
        Assert.Equal(RestFailureKind.Unreachable, failure!.Kind);
        Assert.Equal((confirmed!.At, 0L), (source.Stored()!.At, source.Stored()!.Seq));
    }

    [Fact]
    public async Task An_answer_that_is_no_list_is_asked_for_again_and_never_stored()
    {
        _rig.Handler.Answer(200, "{\"symbols\":[{\"symbol\":").Answer(200, List("BTCUSDT TRADING"));
        var source = Source();
        var (listing, _) = await FetchAsync(source);
        Assert.NotNull(listing);
        Assert.Equal(2, Assert.Single(Log()).Head.Tries);
    }

    [Fact]
    public async Task A_list_that_can_not_be_stored_is_not_given_out_and_the_log_is_opened_again_for_the_next()
    {
        _rig.Handler.Answer(200, List("BTCUSDT TRADING"));
        Directory.CreateDirectory(_root["vault"]);
        var files = new FaultyFiles(_root.Path, 1);
        using var log = new AnswersAppender(() => Open(files));
        var source = Source(files, log);
        await FetchAsync(source);
        files.FailAt(files.Operations + 1, Fault.Error);
        await Assert.ThrowsAsync<WriterBrokenException>(() => FetchAsync(source));
        var (listing, _) = await FetchAsync(source);
        Assert.Equal(0, listing!.Seq);
        Assert.True(TapeVerifier.Run(TestDisk.Files, AnswersLog.Folder(_root["vault"])).IsGood);
    }

    [Fact]
    public async Task Pages_of_one_list_are_asked_for_one_after_the_other_and_stored_as_one()
    {
        _rig.Handler.Answer(200, BybitPage("next", "BTCUSDT")).Answer(200, BybitPage("", "ETHUSDT")).Answer(200, BybitPage("next", "BTCUSDT"))
            .Answer(200, BybitPage("", "ETHUSDT"));
        using var engine = BybitEngine();
        var source = BybitSource(engine);
        var (listing, failure) = await FetchAsync(source);
        Assert.Null(failure);
        Assert.Equal(["BTCUSDT", "ETHUSDT"], listing!.Instruments.Select(instrument => instrument.Symbol));
        Assert.EndsWith("&cursor=next", _rig.Handler.Requests[1].Url, StringComparison.Ordinal);
        Assert.Equal([BybitPage("next", "BTCUSDT"), BybitPage("", "ETHUSDT")],
            RestPages.Split(Assert.Single(Log()).Body()).Select(page => System.Text.Encoding.UTF8.GetString(page.Span)));
        Assert.Equal(listing.Seq, source.Stored()!.Seq);
        await FetchAsync(source);
        Assert.Equal([null, listing.Seq], Log().Select(answer => answer.Head.SameAs));
    }

    [Fact]
    public async Task A_list_that_never_ends_is_given_up_and_a_page_that_fails_leaves_nothing()
    {
        for (var page = 0; page < RestPages.CountMax; page++) _rig.Handler.Answer(200, BybitPage($"p{page}", $"A{page}"));
        using var engine = BybitEngine();
        var (listing, failure) = await FetchAsync(BybitSource(engine));
        Assert.Null(listing);
        Assert.Contains("behind 32 pages", failure!.Message, StringComparison.Ordinal);
        _rig.Handler.Answer(200, BybitPage("next", "BTCUSDT")).Answer(400);
        (listing, failure) = await FetchAsync(BybitSource(engine));
        Assert.Null(listing);
        Assert.Equal(RestFailureKind.Refused, failure!.Kind);
        Assert.Empty(Log());
    }

    [Fact]
    public async Task An_error_in_a_good_answer_is_told_in_the_venues_words_and_asked_again()
    {
        _rig.Handler.Answer(200, """{"retCode":10006,"retMsg":"Too many visits!","result":{}}""").Answer(200, BybitPage("", "BTCUSDT"));
        using var engine = BybitEngine();
        var (listing, _) = await FetchAsync(BybitSource(engine));
        Assert.Single(listing!.Instruments);
        _rig.Handler.Answer(200, """{"retCode":10016,"retMsg":"busy","result":{}}""");
        Assert.NotNull((await FetchAsync(BybitSource(engine))).Listing);
        Assert.Contains("busy (code 10016)", (await FetchAsync(BybitSource(engine))).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_are_asked_for_each_hour_and_sooner_after_a_failure_and_changes_are_told()
    {
        _rig.Handler.Answer(200, List("A TRADING")).Answer(451).Answer(200, List("A TRADING", "B TRADING"));
        var (told, failures) = (new List<(string Added, DateTimeOffset At)>(), new List<string>());
        using var stop = new CancellationTokenSource();
        var watching = new InstrumentPoller(Source(), _rig.Time, new Random(1)).RunAsync(
            null, TimeSpan.Zero, (listing, changes) =>
                told.Add((string.Join(' ', changes?.Added ?? ["first"]), _rig.Time.GetUtcNow())), (reason, _) => failures.Add(reason), stop.Token);
        await _rig.Time.AdvanceUntilAsync(() => told.Count == 2, "two lists", TimeSpan.FromSeconds(10));
        await stop.CancelAsync();
        await watching;
        Assert.Equal(["first", "B"], told.Select(list => list.Added));
        Assert.Contains("451", Assert.Single(failures), StringComparison.Ordinal);
        Assert.InRange(_rig.Gaps.First(), 3240, 3980);
        Assert.InRange(_rig.Gaps.Last(), 590, 720);
    }

    [Fact]
    public void Changes_are_told_by_what_is_said_of_each_symbol()
    {
        var changes = InstrumentChanges.Between(Read("A TRADING", "B TRADING", "C TRADING"), Read("B TRADING", "C SETTLING", "D TRADING"));
        Assert.Equal(["D"], changes.Added);
        Assert.Equal(["A"], changes.Removed);
        Assert.Equal(["C: status TRADING → SETTLING"], changes.Changed);
        Assert.False(InstrumentChanges.Between(Read("A TRADING"), Read("A TRADING")).Any);
    }

    public void Dispose()
    {
        _log.Dispose();
        _rig.Dispose();
        _root.Dispose();
    }

    private List<StoredAnswer> Log() => [.. AnswersLog.Read(TestDisk.Files, _root["vault"])];

    private AnswersWriter Open(IFiles files) => AnswersWriter.Open(files, _root["vault"], _rig.Time, new Random(1), Owner);

    private InstrumentSource Source(IFiles? files = null, AnswersAppender? log = null) =>
        new(EngineRig.Venue, EngineRig.Rest, _rig.Engine, files ?? TestDisk.Files, _root["vault"], log ?? _log);

    private RestEngine BybitEngine() =>
        new("bybit", new Uri("https://venue.test"), Bybit.Rest!, _rig.Handler, new RestEngineOptions(), _rig.Time, new Random(1));

    private InstrumentSource BybitSource(RestEngine engine) => new(Bybit, Bybit.Rest!, engine, TestDisk.Files, _root["vault"], _log);

    private static string BybitPage(string cursor, string symbol) =>
        """{"retCode":0,"retMsg":"OK","result":{"list":[{"symbol":"SYMBOL","contractType":"LinearPerpetual","status":"Trading","baseCoin":"A","quoteCoin":"USDT","settleCoin":"USDT","launchTime":"1","deliveryTime":"0","priceFilter":{"tickSize":"0.1"},"lotSizeFilter":{"qtyStep":"1"}}],"nextPageCursor":"CURSOR"}}"""
            .Replace("SYMBOL", symbol, StringComparison.Ordinal).Replace("CURSOR", cursor, StringComparison.Ordinal);

    private async Task<(InstrumentListing? Listing, RestFailure? Failure)> FetchAsync(InstrumentSource source)
    {
        var fetching = source.FetchAsync(CancellationToken.None);
        await _rig.Time.AdvanceUntilAsync(() => fetching.IsCompleted, "fetched", TimeSpan.FromMilliseconds(100));
        return await fetching;
    }

    private static IReadOnlyList<Instrument> Read(params string[] symbols) =>
        EngineRig.Rest.ReadInstruments(System.Text.Encoding.UTF8.GetBytes(List(symbols))).Instruments;

    private static string List(params string[] symbols) =>
        $"{{\"serverTime\":1798000000000,\"symbols\":[{string.Join(',', symbols.Select(symbol => Entry(symbol.Split(' '))))}]}}";

    private static string Entry(string[] symbol) =>
        $$"""{"symbol":"{{symbol[0]}}","contractType":"PERPETUAL","deliveryDate":4133404800000,"onboardDate":1569398400000,"status":"{{symbol[1]}}","baseAsset":"X","quoteAsset":"USDT","marginAsset":"USDT","filters":[{"filterType":"PRICE_FILTER","tickSize":"0.10"},{"filterType":"LOT_SIZE","stepSize":"0.001"}]}""";
}
