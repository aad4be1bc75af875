using System.Text;
using Tape.Api.Live;
using Tape.Api.Tests.Support;
using Tape.Core.Values;
using Tape.Derive.Books;
using Tape.Storage.Files;
using Tape.Storage.Tapes.Notes;
using Tape.Venues.Books;

namespace Tape.Api.Tests;

/// <summary>What the server tells of books, and when it lets venues be asked.</summary>
public sealed class BookTests : ApiHarness
{
    private static readonly StreamKey Depth = new("binance", "depth@100ms", "BTCUSDT");

    private protected override bool WithBooks => true;

    [Fact]
    public async Task A_book_is_waiting_until_the_venue_has_answered_then_aligned()
    {
        Record(100, 110);
        await AssertBookAsync("waiting", 110, "its changes come, a full picture to begin with is missing");
        var question = Assert.Single(Follower.Unaligned("binance"));
        Assert.Equal(Depth, question.Stream);
        Follower.Failed(question, "no route");
        await AssertBookAsync("waiting", 110, "its changes come, a full picture to begin with is missing; REST: no route");
        Follower.Answered(question, 105);
        await AssertBookAsync("aligned", 110, null);
        Assert.Empty(Follower.Unaligned("binance"));
    }

    [Fact]
    public void Venues_are_asked_only_for_what_is_recorded_now()
    {
        Record(100, 110);
        Time.Advance(RecorderHealth.QuietMax + TimeSpan.FromSeconds(1));
        Assert.Empty(Follower.Unaligned("binance"));
        Tape.Tick();
        Follow();
        Assert.Single(Follower.Unaligned("binance"));
    }

    [Theory]
    [InlineData(59, "READY")]
    [InlineData(61, "DEGRADED")]
    public void A_book_that_stays_broken_makes_the_state_DEGRADED(int seconds, string state)
    {
        Record(100, 110);
        Follow();
        var (look, now) = (Follower.Look(), UnixNanos.From(Time.GetUtcNow()));
        var broken = new BookStatus(BookState.Broken, now.Add(TimeSpan.FromSeconds(-seconds)), 160, "found 150, expected 110");
        var streams = look.Snapshot.Streams.Select(stream => stream with { Book = broken });
        var report = RecorderHealth.Judge(look with { Snapshot = look.Snapshot with { Streams = [.. streams] } }, now).Report;
        Assert.Equal(state, report.Name);
        Assert.Equal(state == "READY" ? [] : ["1 of 1 books are broken: binance depth@100ms BTCUSDT"], report.Why);
    }

    [Fact]
    public void Without_books_nothing_is_told_and_nothing_asked()
    {
        Record(100, 110);
        var follower = new VaultFollower(DiskFiles.Instance, Vault, Time);
        follower.ReadToEnd(CancellationToken.None);
        Assert.NotEmpty(follower.Look().Snapshot.Streams);
        Assert.All(follower.Look().Snapshot.Streams, stream => Assert.Null(stream.Book));
        Assert.Empty(follower.Unaligned("binance"));
    }

    private void Record(long previous, long last)
    {
        Tape.Start().Note(new ConnectedNote("binance", "public", 0, "ws://test", "127.0.0.1:1",
            [new NotedStream(Depth.Channel, Depth.Symbol, "btcusdt@depth@100ms")]), 7);
        Tape.Frame(7, Encoding.ASCII.GetBytes($$$"""{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":2,"T":1,"s":"BTCUSDT","U":{{{previous + 1}}},"u":{{{last}}},"pu":{{{previous}}},"b":[["1","2"]],"a":[]}}""")).Tick().Say("READY");
        Follow();
    }

    private async Task AssertBookAsync(string state, long id, string? why)
    {
        foreach (var path in new[] { "/status", "/v1/streams" })
        {
            var book = (await GetAsync(path)).GetProperty("streams")[0].GetProperty("book");
            Assert.Equal((state, id), (book.GetProperty("state").GetString(), book.GetProperty("update_id").GetInt64()));
            Assert.Equal(why, book.TryGetProperty("why", out var told) ? told.GetString() : null);
            Assert.Equal("2026-11-21T00:00:00.000000000Z", book.GetProperty("since").GetString());
        }

        Assert.Equal(1, (await BooksAsync())[state]);
        Assert.Equal(1, (await BooksAsync()).Values.Sum());
        using var answer = await Client.GetAsync("/metrics/prometheus");
        Assert.Contains($"tape_books{{venue=\"binance\",state=\"{state}\"}} 1\n", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<Dictionary<string, int>> BooksAsync() =>
        (await GetAsync("/metrics")).GetProperty("books").EnumerateArray()
            .ToDictionary(series => series.GetProperty("state").GetString()!, series => series.GetProperty("value").GetInt32());
}
