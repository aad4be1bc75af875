using System.Text;
using Tape.Core.Events;
using Tape.Core.Values;
using Tape.Venues.Binance;
using Tape.Venues.Contract;

namespace Tape.Venues.Tests.Binance;

public sealed class BinanceControlTests
{
    private readonly BinanceDecoder _decoder = new();
    private readonly EventBuffer _events = new();

    [Theory]
    [InlineData("""{"result":null,"id":7}""", FrameOutcome.Acknowledged, 7L, 0L, "")]
    [InlineData("""{"result":null,"id":"x"}""", FrameOutcome.Acknowledged, Absent.Integer, 0L, "")]
    [InlineData("""{"id":7,"error":{"msg":"Too many subscriptions","code":4}}""", FrameOutcome.Refused, 7L, 4L, "Too many subscriptions")]
    [InlineData("""{"code":-1121,"msg":"Invalid \u0073ymbol."}""", FrameOutcome.Refused, Absent.Integer, -1121L, "Invalid symbol.")]
    public void Answers_carry_what_the_venue_said(string frame, FrameOutcome outcome, long id, long code, string message)
    {
        Assert.Equal(outcome, Decode(frame));
        Assert.Equal(new ControlMessage(id, code, message), _decoder.Control);
    }

    [Theory]
    [InlineData("""{"serverTime":1499827319559}""")]
    [InlineData("""{"data":{"anything":1}}""")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("\"pong\"")]
    public void Well_formed_frames_that_mean_nothing_to_us_are_no_damage(string frame) => Assert.Equal(FrameOutcome.Nothing, Decode(frame));

    [Theory]
    [InlineData("""{"stream":"btcusdt@aggTrade"}""", "data is missing")]
    [InlineData("""{"data":{"e":"bookTicker"}}""", "stream is missing")]
    [InlineData("""{"stream":"btcusdt@aggTrade","data":{"e":"aggTradf"}}""", "is not an event that belongs on its stream")]
    [InlineData("""{"stream":"btcusdt@aggTrade","data":[7]}""", "is not an event that belongs on its stream")]
    [InlineData("""{"e":"aggTrade","E":1,"T":99999999999999,"s":"X","p":"1","q":"1","a":1,"m":true}""", "byte 26: T is a time beyond 64-bit nanoseconds")]
    [InlineData("""{"e":"bookTicker","T":1,"s":"X","u":12345678901234567890}""", "u does not fit in 64 bits")]
    [InlineData("""{"e":"bookTicker",""", "the text ends too early")]
    [InlineData("", "the text ends too early")]
    public void What_breaks_its_form_is_refused_with_the_reason(string frame, string reason)
    {
        Assert.Equal(FrameOutcome.Undecodable, Decode(frame));
        Assert.Contains(reason, _decoder.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void One_bad_row_makes_the_whole_frame_undecodable()
    {
        const string Good = """{"e":"markPriceUpdate","E":1,"s":"A","p":"1","i":"1","r":"0.1","T":2}""";
        Assert.Equal(FrameOutcome.Undecodable, Decode($"[{Good},{Good.Replace("\"p\":\"1\"", "\"p\":1", StringComparison.Ordinal)}]"));
        Assert.Equal(0, _events.Count);
        Assert.Equal(FrameOutcome.Events, Decode($"[{Good},{Good}]"));
        Assert.Equal(4, _events.Count);
    }

    private FrameOutcome Decode(string frame) => _decoder.Decode(Encoding.UTF8.GetBytes(frame), _events);
}
