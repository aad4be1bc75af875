using System.Text;
using Tape.Core.Events;
using Tape.TestKit.Venues;
using Tape.Venues.Bybit;
using Tape.Venues.Contract;
using Tape.Venues.Frames;
using Tape.Venues.Okx;

namespace Tape.Venues.Tests;

/// <summary>That the short way is taken where it should be. That it never gives other events than the full one is the contract's business.</summary>
public sealed class LayoutTests
{
    private const string BybitTrade = """{"T":1782304486865,"s":"BTCUSDT","S":"Buy","v":"0.001","p":"86578.50","L":"PlusTick","i":"10e43951-d8aa-5b31-9112-b178eb602301","BT":false,"RPI":false,"seq":1783284999}""";
    private const string OkxQuote = """{"arg":{"channel":"bbo-tbt","instId":"BTC-USDT-SWAP"},"data":[{"asks":[["84093.5","667.27","0","71"]],"bids":[["84093.4","569.81","0","83"]],"ts":"1782439595320","seqId":342177337428}]}""";

    private readonly EventBuffer _events = new();

    public static TheoryData<string, string> Alike => new()
    {
        { Bybit(BybitTrade), Bybit(BybitTrade.Replace("86578.50", "91578.55").Replace("10e43951", "ffe4a95b").Replace("BTCUSDT", "ETHUSDT"))
            .Replace("publicTrade.BTC", "publicTrade.ETH") },
        { OkxQuote, OkxQuote.Replace("84093.4", "10000.0").Replace("BTC-", "ETH-") },
    };

    [Theory]
    [MemberData(nameof(Alike))]
    public void A_layout_seen_twice_is_read_by_it_from_then_on(string frame, string alike)
    {
        var decoder = DecoderOf(frame);
        for (var times = 0; times < 3; times++) decoder.Decode(Encoding.UTF8.GetBytes(frame), _events);
        var before = decoder.RepeatCount;
        Assert.Equal(FrameOutcome.Events, decoder.Decode(Encoding.UTF8.GetBytes(alike), _events));
        var byLayout = EventText.Describe(_events);
        Assert.True(decoder.RepeatCount > before);
        decoder.Decode(Encoding.UTF8.GetBytes(" " + alike), _events);
        Assert.Equal(EventText.Describe(_events), byLayout);
        Assert.Equal(before + 1, decoder.RepeatCount);
    }

    [Theory]
    [InlineData("\"S\":\"Buy\"", "\"S\":\"Bux\"")]
    [InlineData("publicTrade.BTCUSDT", "publicTradd.BTCUSDT")]
    [InlineData("10e43951", "10e4395\\")]
    [InlineData("\"p\":\"86578.50\"", "\"p\":\"06578.50\"")]
    [InlineData("1782304486868", "9782304486868")]
    public void What_a_layout_must_not_take_is_judged_in_full(string from, string to)
    {
        var decoder = new BybitDecoder();
        var frame = Bybit(BybitTrade);
        for (var times = 0; times < 3; times++) decoder.Decode(Encoding.UTF8.GetBytes(frame), _events);
        var changed = frame.Replace(from, to);
        Assert.NotEqual(frame, changed);
        Assert.NotEqual(FrameOutcome.Events, decoder.Decode(Encoding.UTF8.GetBytes(changed), _events));
        Assert.Equal(0, _events.Count);
    }

    [Fact]
    public void Trades_of_a_frame_with_many_are_read_one_by_one_by_their_layout()
    {
        var decoder = new BybitDecoder();
        var frame = Encoding.UTF8.GetBytes(Bybit(string.Join(',', Enumerable.Repeat(BybitTrade, 20))));
        decoder.Decode(frame, _events);
        var before = decoder.RepeatCount;
        decoder.Decode(frame, _events);
        Assert.Equal(20, _events.Trades.Count);
        Assert.Equal(20, decoder.RepeatCount - before);
    }

    private static JsonFrameDecoder DecoderOf(string frame) => frame.StartsWith("{\"topic\"", StringComparison.Ordinal) ? new BybitDecoder() : new OkxDecoder();

    private static string Bybit(string trades) => $$"""{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1782304486868,"data":[{{trades}}]}""";
}
