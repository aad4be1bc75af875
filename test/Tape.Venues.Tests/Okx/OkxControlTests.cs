using System.Text;
using Tape.Core.Events;
using Tape.Core.Values;
using Tape.Venues.Contract;
using Tape.Venues.Okx;

namespace Tape.Venues.Tests.Okx;

public sealed class OkxControlTests
{
    private readonly OkxDecoder _decoder = new();
    private readonly EventBuffer _events = new();

    [Theory]
    [InlineData("""{"id":"7","event":"subscribe","arg":{"channel":"trades","instId":"A"},"connId":"x"}""", FrameOutcome.Acknowledged, 7L, 0L, "")]
    [InlineData("""{"event":"subscribe","arg":{"channel":"trades","instId":"A"}}""", FrameOutcome.Acknowledged, Absent.Integer, 0L, "")]
    [InlineData("""{"id":"8","event":"error","msg":"doesn't exist","code":"60018","connId":"x"}""", FrameOutcome.Refused, 8L, 60018L, "doesn't exist")]
    [InlineData("""{"id":"perp","event":"error","msg":7,"code":""}""", FrameOutcome.Refused, Absent.Integer, 0L, "")]
    [InlineData("""{"event":"notice","code":"64008","msg":"The connection will soon be closed for a service upgrade. Please reconnect.","connId":"a4d3ae55"}""", FrameOutcome.EndAnnounced, Absent.Integer, 64008L, "The connection will soon be closed for a service upgrade. Please reconnect.")]
    public void Answers_carry_what_the_venue_said(string frame, FrameOutcome outcome, long id, long code, string message)
    {
        Assert.Equal(outcome, Decode(frame));
        Assert.Equal(new ControlMessage(id, code, message), _decoder.Control);
    }

    [Theory]
    [InlineData("pong")]
    [InlineData(" pong\n")]
    [InlineData("""{"event":"notice","code":"64009","msg":"Of another kind."}""")]
    [InlineData("""{"event":"notice"}""")]
    [InlineData("""{"event":"channel-conn-count","channel":"trades","connCount":"1"}""")]
    [InlineData("""{"arg":{"channel":"status"},"data":[{"title":"x"}]}""")]
    [InlineData("""{"arg":{"channel":"mark-price-candle1m","instId":"A"},"data":[["1","2"]]}""")]
    [InlineData("{}")]
    public void Well_formed_frames_that_mean_nothing_to_us_are_no_damage(string frame) => Assert.Equal(FrameOutcome.Nothing, Decode(frame));

    [Theory]
    [InlineData("pon", "not a JSON value")]
    [InlineData("pong{}", "more text after the value")]
    [InlineData("""{"arg":{"channel":"trades","instId":"A"}}""", "data is missing")]
    [InlineData("""{"data":[{"instId":"A"}]}""", "arg is missing beside data")]
    [InlineData("""{"arg":{"instId":"A"},"data":[]}""", "channel is missing")]
    [InlineData("""{"arg":{"channel":"books","instId":"A"},"data":[{"asks":[],"bids":[],"ts":"1","prevSeqId":4}]}""", "action is missing")]
    [InlineData("""{"arg":{"channel":"candle1m","instId":"A"},"data":[["1","2"]]}""", "a candle has 2 values, expected 9")]
    [InlineData("""{"arg":{"channel":"trades","instId":"A"},"data":[{"instId":"A","tradeId":"5","px":"1","sz":"1","side":"buy","ts":"1","count":"0"}]}""", "count must be 1 or more")]
    public void What_breaks_its_form_is_refused_with_the_reason(string frame, string reason)
    {
        Assert.Equal(FrameOutcome.Undecodable, Decode(frame));
        Assert.Contains(reason, _decoder.Fault, StringComparison.Ordinal);
    }

    private FrameOutcome Decode(string frame) => _decoder.Decode(Encoding.UTF8.GetBytes(frame), _events);
}
