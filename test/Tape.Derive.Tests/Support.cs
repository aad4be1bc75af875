using Tape.Core.Values;
using Tape.Simulator.Binance;
using Tape.Simulator.Market;
using Tape.TestKit.Tapes;
using Tape.Venues.Binance;
using Tape.Venues.Contract;
using Tape.Venues.Sequences;

namespace Tape.Derive.Tests;

/// <summary>Tapes for these tests.</summary>
internal static class Support
{
    /// <summary>2025-11-21T23:59:30Z: half a minute before a day ends.</summary>
    public static readonly UnixNanos BeforeMidnight = new(1_763_769_570_000_000_000);

    public static readonly string[] Channels = ["aggTrade", "bookTicker", "markPrice@1s", "depth@100ms", "forceOrder"];

    /// <summary>Frames of two symbols (one is not ASCII) over all tables that the venue fills.</summary>
    public static List<(string Stream, byte[] Payload)> Frames(int count, int seed) =>
    [
        .. SyntheticFrames.Make(SymbolSpec.Named(["BTCUSDT", "牛来USDT"]), Channels, count, 200, seed, BeforeMidnight)
            .Select(frame => (frame.Stream, frame.Payload)),
    ];

    /// <summary>A tape with two known venues and an unknown one.</summary>
    public static IReadOnlyList<ScriptedRecord> Tape(int seed, int records) =>
        new TapeScript(seed, BeforeMidnight, TimeSpan.FromMilliseconds(200), ["binance", "twin", "nowhere"], Frames(records, seed)).Make(records);

    /// <summary>Binance, the same under another name, and no other.</summary>
    public static IVenue? Venue(string name) => name switch
    {
        "binance" => new BinanceVenue(),
        "twin" => new Twin(),
        _ => null,
    };

    private sealed class Twin : IVenue
    {
        private readonly BinanceVenue _venue = new();

        public string Name => "twin";

        public IReadOnlyList<ChannelInfo> Channels => _venue.Channels;

        public IReadOnlyList<string> Check(SubscriptionRequest request) => _venue.Check(request);

        public IReadOnlyList<ConnectionPlan> Plan(SubscriptionRequest request) => _venue.Plan(request);

        public FrameDecoder CreateDecoder() => _venue.CreateDecoder();

        public SequenceRule SequenceOf(string channel) => _venue.SequenceOf(channel);
    }
}
