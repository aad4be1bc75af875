using System.Text;
using Tape.Core.Events;
using Tape.Core.Values;
using Tape.Venues.Bybit;
using Tape.Venues.Contract;

namespace Tape.Venues.Tests.Bybit;

public sealed class BybitControlTests
{
    private readonly BybitDecoder _decoder = new();
    private readonly EventBuffer _events = new();

    [Theory]
    [InlineData("""{"success":true,"ret_msg":"","conn_id":"x","req_id":"7","op":"subscribe"}""", FrameOutcome.Acknowledged, 7L, "", false)]
    [InlineData("""{"success":true,"ret_msg":"","conn_id":"x","req_id":"","op":"subscribe"}""", FrameOutcome.Acknowledged, Absent.Integer, "", true)]
    [InlineData("""{"success":false,"ret_msg":"Invalid \u0074opic","conn_id":"x","op":"subscribe"}""", FrameOutcome.Refused, Absent.Integer, "Invalid topic", true)]
    public void Answers_carry_what_the_venue_said(string frame, FrameOutcome outcome, long id, string message, bool answersOldest)
    {
        Assert.Equal(outcome, Decode(frame));
        Assert.Equal(new ControlMessage(id, 0, message, answersOldest), _decoder.Control);
    }

    [Theory]
    [InlineData("""{"success":true,"ret_msg":"pong","conn_id":"x","req_id":"","op":"ping"}""")]
    [InlineData("""{"op":"pong","args":["1790526539033"],"conn_id":"x"}""")]
    [InlineData("""{"success":true,"op":"unsubscribe"}""")]
    [InlineData("""{"topic":"liquidation.BTCUSDT","data":{"updatedTime":1},"ts":1}""")]
    [InlineData("""{"topic":"kline.7.BTCUSDT","data":[{}],"ts":1}""")]
    [InlineData("{}")]
    [InlineData("[]")]
    public void Well_formed_frames_that_mean_nothing_to_us_are_no_damage(string frame) => Assert.Equal(FrameOutcome.Nothing, Decode(frame));

    [Theory]
    [InlineData("""{"topic":"publicTrade.A","ts":1}""", "data is missing")]
    [InlineData("""{"type":"snapshot","data":{"s":"A"},"ts":1}""", "topic is missing beside data")]
    [InlineData("""{"topic":"publicTrade.A","data":[7],"ts":1}""", "must be an object")]
    [InlineData("""{"topic":"orderbook.50.A","type":"update","data":{"s":"A","b":[],"a":[],"u":1},"ts":1}""", "must be snapshot or delta")]
    [InlineData("""{"topic":"tickers.A","data":{"symbol":"A","nextFundingTime":"9223372036855"},"ts":1}""", "nextFundingTime is a time beyond 64-bit nanoseconds")]
    [InlineData("""{"topic":"kline.1.A","data":[]}""", "ts is missing")]
    [InlineData("pong", "not a JSON value")]
    public void What_breaks_its_form_is_refused_with_the_reason(string frame, string reason)
    {
        Assert.Equal(FrameOutcome.Undecodable, Decode(frame));
        Assert.Contains(reason, _decoder.Fault, StringComparison.Ordinal);
    }

    private FrameOutcome Decode(string frame) => _decoder.Decode(Encoding.UTF8.GetBytes(frame), _events);
}
