using System.Globalization;
using Tape.Venues.Books;

namespace Tape.SimulationTests.Books;

/// <summary>
/// The best judge of "aligned": a client that keeps the book itself. More seeds: TAPE_BOOK_SEEDS=500 dotnet test test/Tape.SimulationTests --filter
/// FullyQualifiedName~BookRehearsal
/// </summary>
public sealed class BookRehearsalTests
{
    [Theory]
    [InlineData("binance")]
    [InlineData("okx")]
    [InlineData("bybit")]
    public void A_book_that_is_called_aligned_is_the_markets_book(string venue)
    {
        var seeds = int.Parse(Environment.GetEnvironmentVariable("TAPE_BOOK_SEEDS") ?? "2", CultureInfo.InvariantCulture);
        var asked = 0;
        for (var seed = 1; seed <= seeds; seed++)
        {
            var rehearsal = new BookRehearsal(venue, seed);
            var fault = Record.Exception(() => Run(rehearsal));
            Assert.True(fault is null, $"seed {seed}: {fault}");
            asked += rehearsal.Asked;
        }

        // Bybit's books never need it, OKX's only where no picture came on the connection.
        Assert.True(venue == "bybit" == (asked == 0), $"asked {asked} times");
    }

    /// <summary>Troubles, and then none, so that it must come right again.</summary>
    private static void Run(BookRehearsal rehearsal)
    {
        rehearsal.Run(steps: 600, isCalm: false);
        rehearsal.Run(steps: 100, isCalm: true);
        Assert.Equal(BookState.Aligned, rehearsal.Standing.State);
        Assert.True(rehearsal.Compared > 30, $"compared {rehearsal.Compared} times");
        Assert.True(rehearsal.Seen.GetValueOrDefault(BookState.Broken) + rehearsal.Seen.GetValueOrDefault(BookState.Waiting) > 0, "never unaligned");
    }
}
