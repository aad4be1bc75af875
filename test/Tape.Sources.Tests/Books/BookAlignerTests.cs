using System.Net.Http.Headers;
using Tape.Core.Values;
using Tape.Sources.Books;
using Tape.Sources.Tests.Support;
using Tape.TestKit.Time;
using Tape.Venues.Books;

namespace Tape.Sources.Tests.Books;

public sealed class BookAlignerTests : IDisposable
{
    private const string Picture = """{"lastUpdateId":77,"E":1,"T":1,"bids":[],"asks":[]}""";

    private readonly EngineRig _rig = new(BookAligner.EngineOptions);
    private readonly WantedBooks _books = new();
    private readonly BookAligner _aligner;

    public BookAlignerTests() => _aligner = new BookAligner("binance", EngineRig.Rest, _rig.Engine, _books, _rig.Time);

    [Fact]
    public async Task What_is_wanted_is_asked_for_and_only_the_update_id_comes_back()
    {
        _rig.Handler.Answer(200, Picture);
        _books.Want("BTCUSDT");
        await StepAsync();
        Assert.Equal("https://venue.test/fapi/v1/depth?symbol=BTCUSDT&limit=5", Assert.Single(_rig.Handler.Requests).Url);
        Assert.Equal(["BTCUSDT 77"], _books.Told);
    }

    [Fact]
    public async Task With_nothing_wanted_nothing_is_asked()
    {
        Assert.Equal(BookAligner.LookEvery, await StepAsync());
        Assert.Empty(_rig.Handler.Requests);
    }

    [Fact]
    public async Task All_questions_together_take_a_fifth_of_our_weight_at_most_however_many_books_are_wanted()
    {
        _rig.Handler.Answer(200, Picture);
        for (var book = 0; book < 1000; book++) _books.Want($"S{book}");
        await RunAsync(TimeSpan.FromMinutes(3));
        var weight = _rig.Handler.Requests.Count * EngineRig.Rest.Book(new StreamKey("binance", "depth@100ms", "S"))!.Weight / 3.0;
        Assert.InRange(weight, 200, EngineRig.Rest.Limits.WeightPerMinute * BookAligner.ShareOfWeight + 2);
        Assert.Equal(_rig.Handler.Requests.Count, _rig.Handler.Requests.Select(request => request.Url).Distinct().Count());
    }

    [Fact]
    public async Task A_book_that_stays_wanted_is_asked_for_after_10_s_then_20_and_so_on_up_to_5_minutes()
    {
        _rig.Handler.Answer(200, Picture);
        _books.Want("BTCUSDT");
        await RunAsync(TimeSpan.FromMinutes(25));
        var gaps = _rig.Gaps.ToList();
        Assert.Equal([10, 20, 40, 80, 160, 300, 300], gaps.Take(7).Select(gap => Math.Round(gap / 10) * 10));
        Assert.All(gaps, gap => Assert.True(gap >= 10));
    }

    [Fact]
    public async Task A_book_that_was_aligned_for_long_begins_with_10_s_again()
    {
        _rig.Handler.Answer(200, Picture);
        _books.Want("BTCUSDT");
        await RunAsync(TimeSpan.FromMinutes(1));
        _books.Wanted.Clear();
        await RunAsync(TimeSpan.FromMinutes(5));
        var before = _rig.Handler.Requests.Count;
        _books.Want("BTCUSDT");
        await RunAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(before + 2, _rig.Handler.Requests.Count);
    }

    [Fact]
    public async Task What_goes_wrong_is_told_and_not_tried_again_at_once()
    {
        _rig.Handler.Answer(500, "{}").Answer(200, "<html>").Throw(new HttpRequestException("no route"));
        foreach (var symbol in new[] { "A", "B", "C" }) _books.Want(symbol);
        await RunAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(3, _rig.Handler.Requests.Select(request => request.Url).Distinct().Count());
        Assert.Collection(
            _books.Told,
            told => Assert.Contains("500", told, StringComparison.Ordinal),
            told => Assert.Contains("found no JSON", told, StringComparison.Ordinal),
            told => Assert.Contains("no route", told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_venue_that_does_not_answer_is_not_waited_for_longer_than_the_engine_does()
    {
        _rig.Handler.Hang();
        _books.Want("BTCUSDT");
        var step = _aligner.StepAsync(CancellationToken.None);
        await _rig.Time.AdvanceUntilAsync(() => step.IsCompleted, "a step", TimeSpan.FromSeconds(1));
        await step;
        Assert.Contains("no whole answer", Assert.Single(_books.Told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_venue_that_asks_us_to_stay_away_is_left_alone()
    {
        _rig.Handler.Answer(429, "{}", response => response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromMinutes(5))).Answer(200, Picture);
        foreach (var symbol in new[] { "A", "B", "C" }) _books.Want(symbol);
        await RunAsync(TimeSpan.FromMinutes(3));
        Assert.Single(_rig.Handler.Requests);
        Assert.NotEmpty(_books.Told);
        Assert.All(_books.Told, told => Assert.Contains("429", told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_ends_when_it_is_told_to()
    {
        using var stop = new CancellationTokenSource();
        var running = _aligner.RunAsync(stop.Token);
        await stop.CancelAsync();
        await running;
    }

    public void Dispose() => _rig.Dispose();

    /// <summary>The clock stands meanwhile: prepared answers need no time.</summary>
    private Task<TimeSpan> StepAsync() => _aligner.StepAsync(CancellationToken.None);

    /// <summary>Step by step, as <see cref="BookAligner.RunAsync"/> does, without waiting for its timers.</summary>
    private async Task RunAsync(TimeSpan length)
    {
        for (var end = _rig.Time.GetUtcNow() + length; _rig.Time.GetUtcNow() < end;) _rig.Time.Advance(await StepAsync());
    }

    private sealed class WantedBooks : IUnalignedBooks
    {
        public List<UnalignedBook> Wanted { get; } = [];

        public List<string> Told { get; } = [];

        public void Want(string symbol) => Wanted.Add(new(new StreamKey("binance", "depth@100ms", symbol), 1));

        public IReadOnlyList<UnalignedBook> Unaligned(string venue) => venue == "binance" ? Wanted : [];

        public void Answered(UnalignedBook book, long updateId) => Told.Add($"{book.Stream.Symbol} {updateId}");

        public void Failed(UnalignedBook book, string reason) => Told.Add($"{book.Stream.Symbol} {reason}");
    }
}
