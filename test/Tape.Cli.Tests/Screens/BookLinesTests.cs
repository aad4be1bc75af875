using System.Text.Json;
using Tape.Cli.Screens;

namespace Tape.Cli.Tests.Screens;

public sealed class BookLinesTests
{
    [Fact]
    public void Books_are_counted_and_those_that_could_not_be_trusted_are_named_with_the_reason()
    {
        using var status = JsonDocument.Parse(
            """
            {"streams":[{"venue":"binance","channel":"aggTrade","symbol":"BTCUSDT"},
            {"venue":"binance","channel":"depth@100ms","symbol":"BTCUSDT","book":{"state":"aligned"}},
            {"venue":"binance","channel":"depth@100ms","symbol":"ETHUSDT","book":{"state":"broken","why":"a hole"}}]}
            """);
        Assert.Equal(["books: 1 aligned, 0 waiting, 1 broken", "  binance depth@100ms ETHUSDT broken: a hole"], BookLines.Of(status.RootElement));
    }

    [Fact]
    public void Many_are_cut_short()
    {
        var books = string.Join(',', Enumerable.Range(0, 8).Select(number => $$$"""{"venue":"okx","channel":"books","symbol":"S{{{number}}}","book":{"state":"waiting","why":"w"}}"""));
        using var status = JsonDocument.Parse($$"""{"streams":[{{books}}]}""");
        Assert.Equal(["books: 0 aligned, 8 waiting, 0 broken", "  and 3 more"],
            [BookLines.Of(status.RootElement).First(), BookLines.Of(status.RootElement).Last()]);
    }

    [Fact]
    public void Where_no_server_follows_books_nothing_is_said()
    {
        using var status = JsonDocument.Parse("""{"streams":[{"venue":"okx","channel":"books","symbol":"S"}]}""");
        Assert.Empty(BookLines.Of(status.RootElement));
    }
}
