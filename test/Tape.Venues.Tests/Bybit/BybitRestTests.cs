using System.Text;
using Tape.Core.Values;
using Tape.Venues.Bybit;
using Tape.Venues.Rest;

namespace Tape.Venues.Tests.Bybit;

public sealed class BybitRestTests : InstrumentContract
{
    private const string Perpetual =
        """{"symbol":"BTCUSDT","contractType":"LinearPerpetual","status":"Trading","baseCoin":"BTC","quoteCoin":"USDT","launchTime":"1585526400000","deliveryTime":"0","priceFilter":{"minPrice":"0.10","tickSize":"0.10"},"lotSizeFilter":{"minOrderQty":"0.001","qtyStep":"0.001","minNotionalValue":"5"},"settleCoin":"USDT"}""";

    protected override IVenueRest Rest { get; } = new BybitVenue().Rest!;

    protected override byte[] Good { get; } =
        Page("", Perpetual, Like("BTCPERP", "LinearPerpetual").Replace("\"quoteCoin\":\"USDT\"", "\"quoteCoin\":\"USDC\"")
        .Replace("\"settleCoin\":\"USDT\"", "\"settleCoin\":\"USDC\""));

    [Fact]
    public void Perpetuals_of_both_margins_are_read_with_their_filters()
    {
        var answer = Rest.ReadInstruments(Good);
        Assert.Equal(["BTC-USDC-PERP", "BTC-USDT-PERP"], answer.Instruments.Select(instrument => instrument.Name));
        var tether = answer.Instruments[1];
        Assert.Equal(("BTCUSDT", "BTC", "USDT", "USDT", InstrumentKind.Perpetual, true),
            (tether.Symbol, tether.Base, tether.Quote, tether.Margin, tether.Kind, tether.IsTrading));
        Assert.Equal((0.1, 0.001, 5.0, 1.0), (tether.TickSize, tether.LotSize, tether.MinNotional, tether.ContractSize));
        Assert.Equal((UnixNanos.FromMilliseconds(1_585_526_400_000), null as UnixNanos?), (tether.ListedAt, tether.DeliversAt));
        Assert.Empty(answer.Rejected);
    }

    [Fact]
    public void Contracts_with_a_date_are_named_by_it_and_unknown_kinds_by_their_symbol()
    {
        var dated = Like("BTC-25DEC26", "LinearFutures").Replace("\"deliveryTime\":\"0\"", "\"deliveryTime\":\"1798185600000\"");
        Assert.Equal(["BTC-USDT-261225", "X"], Rest.ReadInstruments(Page("", dated, Like("X", "Something"))).Instruments.Select(instrument => instrument.Name));
    }

    [Fact]
    public void Pages_are_asked_for_by_cursor_and_read_together()
    {
        var (first, second) = (Page("a%3D1&b", Perpetual), Page("", Like("ETHUSDT", "LinearPerpetual")));
        var next = Rest.NextInstruments(first, out var fault);
        Assert.Null(fault);
        Assert.EndsWith("&cursor=a%3D1%26b", next!.PathAndQuery, StringComparison.Ordinal);
        Assert.Null(Rest.NextInstruments(second, out fault));
        Assert.Null(fault);
        Assert.Equal(["BTCUSDT", "ETHUSDT"], Rest.ReadInstruments(RestPages.Join([first, second])).Instruments.Select(instrument => instrument.Symbol));
        Assert.NotNull(Rest.ReadInstruments(RestPages.Join([first, "{}"u8.ToArray()])).Fault);
        Assert.Null(Rest.NextInstruments("""{"retCode":10006,"retMsg":"Too many visits!","result":{}}"""u8.ToArray(), out fault));
        Assert.Contains("Too many visits!", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"retCode":0,"retMsg":"OK","result":{"timeSecond":"1688639403","timeNano":"1688639403423213947"},"time":1688639403423}""", 1_688_639_403_423_213_947, null)]
    [InlineData("""{"retCode":0,"retMsg":"OK","result":{"timeNano":"x"}}""", 0, "timeNano is 'x'")]
    [InlineData("""{"retCode":10016,"retMsg":"busy","result":{}}""", 0, "busy")]
    public void The_venues_time_is_read_or_refused(string body, long nanos, string? reason)
    {
        Assert.Equal(nanos, Rest.ReadServerTime(Encoding.UTF8.GetBytes(body), out var fault).Value);
        if (reason is null) Assert.Null(fault);
        else Assert.Contains(reason, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"retCode":10006,"retMsg":"Too many visits!","result":{}}""", "Too many visits! (code 10006)")]
    [InlineData("""{"retCode":0,"retMsg":"OK","result":{}}""", null)]
    [InlineData("<html>", null)]
    public void An_error_is_told_in_the_venues_words(string body, string? expected) => Assert.Equal(expected, Rest.ReadError(Encoding.UTF8.GetBytes(body)));

    private static string Like(string symbol, string type) => Perpetual.Replace("\"BTCUSDT\"", $"\"{symbol}\"").Replace("\"LinearPerpetual\"", $"\"{type}\"");

    private static byte[] Page(string cursor, params string[] entries)
        => Encoding.UTF8.GetBytes($$"""{"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[{{string.Join(',', entries)}}],"nextPageCursor":"{{cursor}}"},"retExtInfo":{},"time":1798000000000}""");
}
