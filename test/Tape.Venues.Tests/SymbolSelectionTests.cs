using Tape.Core.Values;
using Tape.Venues.Binance;
using Tape.Venues.Contract;
using Tape.Venues.Tests.Binance;

namespace Tape.Venues.Tests;

public sealed class SymbolSelectionTests
{
    private static readonly IReadOnlyList<Instrument> List = new BinanceVenue().Rest!.ReadInstruments(ExchangeInfo.Of(
        ExchangeInfo.Perpetual, ExchangeInfo.Quarterly, ExchangeInfo.Like("ETHUSDT"), ExchangeInfo.Like("BTCUSDC"), ExchangeInfo.Like("ETHUSDC"),
            ExchangeInfo.Like("牛来USDT"),
        ExchangeInfo.Like("OLDUSDT", "SETTLING"), ExchangeInfo.Like("TSLAUSDT", type: "TRADIFI_PERPETUAL"))).Instruments;

    [Theory]
    [InlineData("all", "BTCUSDC BTCUSDT ETHUSDC ETHUSDT TSLAUSDT 牛来USDT")]
    [InlineData("*", "BTCUSDC BTCUSDT ETHUSDC ETHUSDT TSLAUSDT 牛来USDT")]
    [InlineData("*USDC", "BTCUSDC ETHUSDC")]
    [InlineData("BTC*", "BTCUSDC BTCUSDT")]
    [InlineData("???USDT", "BTCUSDT ETHUSDT")]
    [InlineData("*T*S*", "BTCUSDC BTCUSDT ETHUSDC ETHUSDT TSLAUSDT")]
    [InlineData("*USD", "")]
    [InlineData("BTCUSDT*", "BTCUSDT")]
    [InlineData("BTC*,!*USDC", "BTCUSDT")]
    [InlineData("!*USDT", "BTCUSDC ETHUSDC")]
    [InlineData("ETHUSDT,BTC*,ETHUSDT*", "ETHUSDT BTCUSDC BTCUSDT")]
    [InlineData("BTCUSDT,!BTCUSDT,ETHUSDC", "ETHUSDC")]
    [InlineData("OLDUSDT,BTCUSDT_261225", "OLDUSDT BTCUSDT_261225")]
    public void Patterns_pick_traded_perpetuals_and_names_stand_as_given(string texts, string symbols) =>
        Assert.Equal(symbols, string.Join(' ', Of(texts).Resolve(List).Symbols));

    [Theory]
    [InlineData("BTCUSDT,ETHUSDT", true)]
    [InlineData("all", false)]
    [InlineData("BTCUSDT,ETH*", false)]
    [InlineData("BTCUSDT,!ETHUSDT", false)]
    [InlineData("!ETHUSDT", false)]
    public void Only_names_need_no_list(string texts, bool isExplicit) => Assert.Equal(isExplicit, Of(texts).IsExplicit);

    [Fact]
    public void A_name_that_is_not_there_is_told_with_its_likes_and_one_not_traded_with_its_status()
    {
        var match = Of("BTCUSTD,OLDUSDT,NOTHINGLIKEIT,BTCUSDT,X*").Resolve(List);
        Assert.Equal(
            ["BTCUSTD is not in the venue's list; did you mean BTCUSDC or BTCUSDT?", "OLDUSDT is not traded now: its status is SETTLING.",
                "NOTHINGLIKEIT is not in the venue's list."],
            match.Unknown);
        Assert.Equal(["X*"], match.Unmatched);
    }

    [Theory]
    [InlineData("*usdt", "did you mean *USDT?")]
    [InlineData("!btc*", "did you mean BTC*?")]
    [InlineData("!", "excepts nothing")]
    [InlineData("!all", "leaves nothing")]
    public void Patterns_that_can_match_nothing_are_faults(string texts, string reason) =>
        Assert.Contains(reason, Assert.Single(Of(texts).Faults()), StringComparison.Ordinal);

    /// <summary>Random patterns against the meaning of the two signs, spelt out by recursion.</summary>
    [Fact]
    public void Matching_is_what_the_two_signs_mean()
    {
        var chance = new Random(20261121);
        for (var trial = 0; trial < 20_000; trial++)
        {
            var pattern = Text(chance, "AB*?", 6);
            var expected = List.Where(instrument => instrument.Symbol.Length < 9).Select(_ => Text(chance, "AB", 6)).Distinct().Order(StringComparer.Ordinal)
                .ToList();
            var list = expected.Select(symbol => List[0] with { Symbol = symbol }).ToList();
            if (!pattern.AsSpan().ContainsAny('*', '?')) continue;
            Assert.Equal(expected.Where(symbol => Means(pattern, symbol)), SymbolSelection.Of([pattern]).Resolve(list).Symbols);
        }
    }

    private static bool Means(string pattern, string symbol) => pattern.Length == 0
        ? symbol.Length == 0
        : pattern[0] == '*'
            ? Enumerable.Range(0, symbol.Length + 1).Any(from => Means(pattern[1..], symbol[from..]))
            : symbol.Length > 0 && (pattern[0] == '?' || pattern[0] == symbol[0]) && Means(pattern[1..], symbol[1..]);

    private static string Text(Random chance, string letters, int most) =>
        string.Concat(Enumerable.Range(0, chance.Next(1, most + 1)).Select(_ => letters[chance.Next(letters.Length)]));

    private static SymbolSelection Of(string texts) => SymbolSelection.Of(texts.Split(','));
}
