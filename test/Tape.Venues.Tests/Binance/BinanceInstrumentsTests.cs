using System.Text;
using Tape.Core.Values;
using Tape.Venues.Binance;
using Tape.Venues.Rest;

namespace Tape.Venues.Tests.Binance;

public sealed class BinanceInstrumentsTests : InstrumentContract
{
    protected override IVenueRest Rest { get; } = new BinanceVenue().Rest!;

    protected override byte[] Good { get; } = ExchangeInfo.Of(ExchangeInfo.Perpetual, ExchangeInfo.Quarterly);

    [Fact]
    public void A_perpetual_is_read_with_tick_and_lot_from_its_filters()
    {
        var answer = Rest.ReadInstruments(ExchangeInfo.Of(ExchangeInfo.Perpetual));
        Assert.Equal(
            new Instrument
            {
                Venue = "binance",
                Symbol = "BTCUSDT",
                Name = "BTC-USDT-PERP",
                Base = "BTC",
                Quote = "USDT",
                Margin = "USDT",
                Kind = InstrumentKind.Perpetual,
                ContractType = "PERPETUAL",
                Status = "TRADING",
                IsTrading = true,
                TickSize = 0.1,
                LotSize = 0.001,
                MinNotional = 50,
                ContractSize = 1,
                ListedAt = UnixNanos.FromMilliseconds(1_569_398_400_000),
                DeliversAt = UnixNanos.FromMilliseconds(4_133_404_800_000),
            },
            Assert.Single(answer.Instruments));
        Assert.Empty(answer.Rejected);
    }

    [Fact]
    public void Contracts_with_a_date_are_named_by_it_and_unknown_kinds_by_their_symbol()
    {
        var answer = Rest.ReadInstruments(
            ExchangeInfo.Of(ExchangeInfo.Quarterly, ExchangeInfo.Like("XUSDT", type: "SOMETHING_NEW"), ExchangeInfo.Like("YUSDT", type: ""),
            ExchangeInfo.Like("TSLAUSDT", type: "TRADIFI_PERPETUAL")));
        Assert.Equal([("BTCUSDT_261225", "BTC-USDT-261225", InstrumentKind.Dated), ("TSLAUSDT", "BTC-USDT-PERP", InstrumentKind.Perpetual),
            ("XUSDT", "XUSDT", InstrumentKind.Other), ("YUSDT", "YUSDT", InstrumentKind.Other)],
            answer.Instruments.Select(instrument => (instrument.Symbol, instrument.Name, instrument.Kind)));
        var dated = answer.Instruments[0];
        Assert.Null(dated.ListedAt);
        Assert.True(double.IsNaN(dated.MinNotional));
    }

    [Theory]
    [InlineData("\"tickSize\":\"0.10\"", "\"tickSize\":\"0\"", "PRICE_FILTER.tickSize is '0'")]
    [InlineData("\"tickSize\":\"0.10\"", "\"tickSize\":0.10", "tickSize is Number, expected String")]
    [InlineData("\"filterType\":\"LOT_SIZE\"", "\"filterType\":\"LOT\"", "LOT_SIZE is missing")]
    [InlineData("\"filterType\":\"MARKET_LOT_SIZE\"", "\"filterType\":\"LOT_SIZE\"", "LOT_SIZE stands twice")]
    [InlineData("\"baseAsset\":\"BTC\"", "\"baseAsset\":\"\"", "baseAsset is empty")]
    [InlineData("\"status\":\"TRADING\"", "\"status\":\"TRADING\",\"status\":\"X\"", "status stands twice")]
    [InlineData("\"deliveryDate\":4133404800000", "\"deliveryDate\":-5", "deliveryDate is -5")]
    [InlineData("\"deliveryDate\":4133404800000", "\"deliveryDate\":9300000000000000", "deliveryDate is 9300000000000000")]
    [InlineData("\"symbol\":\"BTCUSDT\"", "\"symbol\":\"BTC\\u0000\"", "symbol holds a control character")]
    [InlineData("\"symbol\":\"BTCUSDT\"", "\"symbol\":\"\\ud83d\"", "symbol is no text")]
    public void An_entry_that_breaks_the_form_is_left_out_and_named(string from, string to, string reason)
    {
        var answer = Rest.ReadInstruments(ExchangeInfo.Of(ExchangeInfo.Perpetual.Replace(from, to), ExchangeInfo.Quarterly));
        Assert.Equal("BTCUSDT_261225", Assert.Single(answer.Instruments).Symbol);
        Assert.Contains(reason, Assert.Single(answer.Rejected), StringComparison.Ordinal);
    }

    [Fact]
    public void A_symbol_that_stands_twice_counts_once()
    {
        var answer = Rest.ReadInstruments(ExchangeInfo.Of(ExchangeInfo.Perpetual, ExchangeInfo.Like("BTCUSDT", "BREAK")));
        Assert.True(Assert.Single(answer.Instruments).IsTrading);
        Assert.Contains("BTCUSDT stands there twice", Assert.Single(answer.Rejected), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "no JSON")]
    [InlineData("<html>", "no JSON")]
    [InlineData("[]", "no object")]
    [InlineData("{}", "symbols is missing")]
    [InlineData("{\"symbols\":{}}", "symbols is Object")]
    [InlineData("{\"symbols\":[]}", "the list of symbols is empty")]
    [InlineData("{\"symbols\":[1]}", "no symbol can be read")]
    [InlineData("{\"code\":-1003,\"msg\":\"Too many requests\"}", "symbols is missing")]
    public void An_answer_that_is_no_list_is_refused(string body, string reason)
    {
        var answer = Rest.ReadInstruments(Encoding.UTF8.GetBytes(body));
        Assert.Empty(answer.Instruments);
        Assert.Contains(reason, answer.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"serverTime\":1499827319559}", 1_499_827_319_559_000_000, null)]
    [InlineData("{\"serverTime\":0}", 0, "serverTime is 0")]
    [InlineData("{\"serverTime\":\"1499827319559\"}", 0, "serverTime is String")]
    [InlineData("{\"serverTime\":1.5}", 0, "no whole number")]
    [InlineData("{\"serverTime\":9223372036855}", 0, "serverTime is 9223372036855")]
    [InlineData("{}", 0, "serverTime is missing")]
    [InlineData("{\"serverTime\":", 0, "no JSON")]
    public void The_venues_time_is_read_or_refused(string body, long nanos, string? reason)
    {
        Assert.Equal(nanos, Rest.ReadServerTime(Encoding.UTF8.GetBytes(body), out var fault).Value);
        if (reason is null) Assert.Null(fault);
        else Assert.Contains(reason, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_is_told_in_the_venues_words_and_a_foreign_page_tells_nothing()
    {
        Assert.Equal("Invalid symbol. (code -1121)", Rest.ReadError("{\"code\":-1121,\"msg\":\"Invalid symbol.\"}"u8.ToArray()));
        Assert.Null(Rest.ReadError("<html>502</html>"u8.ToArray()));
    }
}
