using System.Text;
using Tape.Core.Values;
using Tape.Venues.Okx;
using Tape.Venues.Rest;

namespace Tape.Venues.Tests.Okx;

public sealed class OkxRestTests : InstrumentContract
{
    private const string Linear =
        """{"instType":"SWAP","instId":"BTC-USDT-SWAP","instFamily":"BTC-USDT","uly":"BTC-USDT","ctType":"linear","ctVal":"0.01","ctMult":"1","ctValCcy":"BTC","settleCcy":"USDT","tickSz":"0.1","lotSz":"0.01","minSz":"0.01","listTime":"1573557408000","expTime":"","state":"live","baseCcy":"","quoteCcy":""}""";

    private const string Inverse =
        """{"instType":"SWAP","instId":"BTC-USD-SWAP","instFamily":"BTC-USD","uly":"BTC-USD","ctType":"inverse","ctVal":"100","ctMult":"1","ctValCcy":"USD","settleCcy":"BTC","tickSz":"0.1","lotSz":"1","listTime":"1573557408000","expTime":"","state":"suspend"}""";

    protected override IVenueRest Rest { get; } = new OkxVenue().Rest!;

    protected override byte[] Good { get; } = Page(Linear, Inverse);

    [Fact]
    public void Contract_sizes_are_base_units_of_linear_swaps_and_unknown_for_inverse_ones()
    {
        var answer = Rest.ReadInstruments(Page(Linear, Inverse, Linear.Replace("USDT", "USDC").Replace("\"ctMult\":\"1\"", "\"ctMult\":\"10\"")));
        Assert.Empty(answer.Rejected);
        Assert.Equal([("BTC-USD-PERP", double.NaN), ("BTC-USDC-PERP", 0.1), ("BTC-USDT-PERP", 0.01)],
            answer.Instruments.Select(instrument => (instrument.Name, instrument.ContractSize)));
        var linear = answer.Instruments[2];
        Assert.Equal(("BTC-USDT-SWAP", "BTC", "USDT", "USDT", InstrumentKind.Perpetual, true),
            (linear.Symbol, linear.Base, linear.Quote, linear.Margin, linear.Kind, linear.IsTrading));
        Assert.Equal((0.1, 0.01, UnixNanos.FromMilliseconds(1_573_557_408_000)), (linear.TickSize, linear.LotSize, linear.ListedAt!.Value));
        Assert.False(answer.Instruments[0].IsTrading);
    }

    [Theory]
    [InlineData("\"ctValCcy\":\"BTC\"", "\"ctValCcy\":\"ETH\"", "expected inverse, or linear with BTC")]
    [InlineData("\"ctType\":\"linear\"", "\"ctType\":\"odd\"", "ctType is 'odd'")]
    [InlineData("\"ctVal\":\"0.01\"", "\"ctVal\":\"0\"", "ctVal is '0'")]
    [InlineData("\"uly\":\"BTC-USDT\"", "\"uly\":\"BTCUSDT\"", "uly is no pair")]
    public void An_entry_that_breaks_the_form_is_left_out_and_named(string from, string to, string reason)
    {
        var answer = Rest.ReadInstruments(Page(Linear.Replace(from, to), Inverse));
        Assert.Equal("BTC-USD-SWAP", Assert.Single(answer.Instruments).Symbol);
        Assert.Contains(reason, Assert.Single(answer.Rejected), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"code":"0","msg":"","data":[{"ts":"1597026383085"}]}""", 1_597_026_383_085_000_000, null)]
    [InlineData("""{"code":"0","msg":"","data":[]}""", 0, "data holds no time")]
    [InlineData("""{"code":"50011","msg":"Too Many Requests","data":[]}""", 0, "Too Many Requests")]
    public void The_venues_time_is_read_or_refused(string body, long nanos, string? reason)
    {
        Assert.Equal(nanos, Rest.ReadServerTime(Encoding.UTF8.GetBytes(body), out var fault).Value);
        if (reason is null) Assert.Null(fault);
        else Assert.Contains(reason, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"code":"50011","msg":"Too Many Requests"}""", "Too Many Requests (code 50011)")]
    [InlineData("""{"code":"0","msg":"","data":[]}""", null)]
    public void An_error_is_told_in_the_venues_words(string body, string? expected) => Assert.Equal(expected, Rest.ReadError(Encoding.UTF8.GetBytes(body)));

    private static byte[] Page(params string[] entries) => Encoding.UTF8.GetBytes($$"""{"code":"0","msg":"","data":[{{string.Join(',', entries)}}]}""");
}
