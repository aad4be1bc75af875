using System.Text;
using Tape.Core.Events;
using Tape.TestKit.Venues;
using Tape.Venues.Bybit;
using Tape.Venues.Contract;

namespace Tape.Venues.Tests.Bybit;

/// <summary>Tickers have a way of their own, for whatever members a delta has: it is taken where it can be, and never says other than the full pass.</summary>
public sealed class BybitTickerTests
{
    private readonly EventBuffer _events = new();

    [Theory]
    [InlineData(""" "bid1Size":"80.1" """)]
    [InlineData(""" "bid1Price":"65114.20","bid1Size":"6.124","ask1Price":"65114.30","ask1Size":"0" """)]
    [InlineData(""" "markPrice":"65117.43","openInterestValue":"3899995666.09","ask1Size":"10.488","singleOpenInterestValue":"1949997833.04" """)]
    [InlineData(""" "lastPrice":"1","curPreListingPhase":"","fundingRate":"0.0001","nextFundingTime":"1786320000000","aNameNobodyKnowsYet":"word" """)]
    [InlineData(""" "fundingRate":"","nextFundingTime":"0","indexPrice":"0.0000001" """)]
    public void A_ticker_is_read_its_short_way_the_first_time(string members)
    {
        var decoder = new BybitDecoder();
        Assert.Equal(FrameOutcome.Events, decoder.Decode(Encoding.UTF8.GetBytes(Ticker(members)), _events));
        Assert.Equal(1, decoder.RepeatCount);
        AssertSameInFull(Ticker(members));
    }

    [Theory]
    [InlineData(""" "fundingRate":"-0.0001" """)]
    [InlineData(""" "bid1Size":"1","bid1Size":"" """)]
    [InlineData(""" "bid1Size":"","bid1Size":"2" """)]
    [InlineData(""" "bid1Size":"1","symbol":"OTHER" """)]
    [InlineData(""" "bid1Size":1 """)]
    [InlineData(""" "bid1Size":"01" """)]
    [InlineData(""" "bid1Size":"1.","ask1Size":"2" """)]
    [InlineData(""" "bid1Size":".1" """)]
    [InlineData(""" "bid1Size":"1e3" """)]
    [InlineData(""" "bid1Size":"1.2.3" """)]
    [InlineData(""" "bid1Size":null,"ask1Size":"1" """)]
    [InlineData(""" "bid1Size":"123456789012345678" """)]
    [InlineData(""" "bid1Size":"1234567890.123456" """)]
    [InlineData(""" "nextFundingTime":"9223372036855" """)]
    [InlineData(""" "nextFundingTime":"01786320000000" """)]
    [InlineData(""" "\u0062id1Size":"3" """)]
    [InlineData(""" "lastPrice":"\"","bid1Size":"3" """)]
    [InlineData(""" "lastPrice":"a longer text than any number","bid1Size":"3" """)]
    [InlineData(""" "lastPrice":["1"],"bid1Size":"3" """)]
    [InlineData(""" "lastPrice":"5" """)]
    [InlineData("")]
    public void What_the_short_way_must_not_take_is_judged_in_full(string members) => AssertSameInFull(Ticker(members));

    [Theory]
    [InlineData("tickers.BTCUSDT", "tickers.")]
    [InlineData("tickers.BTCUSDT", "tickers.BTCUSD")]
    [InlineData("tickers.BTCUSDT", "tickers.BTCUSDT5")]
    [InlineData("\"type\":\"delta\",", "")]
    [InlineData("\"symbol\":\"BTCUSDT\"", "\"symbol\":\"BTC\\u0055SDT\"")]
    [InlineData("\"cs\":24987956099", "\"cs\":024987956099")]
    [InlineData("\"cs\":24987956099", "\"cs\":-1")]
    [InlineData("\"cs\":24987956099,", "")]
    [InlineData("1782314486968}", "1782314486968.5}")]
    [InlineData("1782314486968}", "1782314486968")]
    [InlineData("1782314486968}", "1782314486968}}")]
    [InlineData("1782314486968}", "1782314486968 }")]
    [InlineData("1782314486968}", "1782314486968,\"ts\":5}")]
    [InlineData("1782314486968}", "99999999999999999}")]
    public void Nor_is_an_envelope_of_another_form(string from, string to)
    {
        var frame = Ticker(""" "bid1Size":"80.1","ask1Size":"1.5" """);
        var changed = frame.Replace(from, to);
        Assert.NotEqual(frame, changed);
        AssertSameInFull(changed);
    }

    [Fact]
    public void A_ticker_cut_anywhere_is_no_ticker()
    {
        var frame = Encoding.UTF8.GetBytes(Ticker(""" "bid1Price":"65114.20","bid1Size":"6.124" """));
        for (var length = 0; length < frame.Length; length++)
            Assert.Equal(FrameOutcome.Undecodable, new BybitDecoder().Decode(frame.AsSpan(0, length), _events));
    }

    private static string Ticker(string members)
        => $$$"""{"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT"{{{(members.Length > 0 ? "," : "")}}}{{{members.Trim()}}}},"cs":24987956099,"ts":1782314486968}""";

    /// <summary>A frame behind a blank always goes the full way.</summary>
    private void AssertSameInFull(string frame)
    {
        var outcome = new BybitDecoder().Decode(Encoding.UTF8.GetBytes(" " + frame), _events);
        var inFull = EventText.Describe(_events);
        Assert.Equal(outcome, new BybitDecoder().Decode(Encoding.UTF8.GetBytes(frame), _events));
        Assert.Equal(inFull, EventText.Describe(_events));
    }
}
