using Tape.Api.Documents;
using Tape.Cli.Screens;

namespace Tape.Cli.Tests.Screens;

public sealed class BookLinesTests
{
    [Fact]
    public void Books_are_counted_and_those_that_could_not_be_trusted_are_named_with_the_reason() =>
        Assert.Equal(["books: 1 aligned, 0 waiting, 1 broken", "  binance depth@100ms ETHUSDT broken: a hole"],
            BookLines.Of([Stream("binance", "aggTrade", "BTCUSDT"), Stream("binance", "depth@100ms", "BTCUSDT", "aligned"),
                Stream("binance", "depth@100ms", "ETHUSDT", "broken", "a hole")]));

    [Fact]
    public void Many_are_cut_short()
    {
        var books = BookLines.Of(Enumerable.Range(0, 8).Select(number => Stream("okx", "books", $"S{number}", "waiting", "w"))).ToList();
        Assert.Equal(["books: 0 aligned, 8 waiting, 0 broken", "  and 3 more"], [books[0], books[^1]]);
    }

    [Fact]
    public void Where_no_server_follows_books_nothing_is_said() => Assert.Empty(BookLines.Of([Stream("okx", "books", "S")]));

    private static StreamDocument Stream(string venue, string channel, string symbol, string? state = null, string? why = null) =>
        new(venue, channel, symbol, true, null, 0, 0, null, null, state is null ? null : new BookDocument(state, null, null, why));
}
