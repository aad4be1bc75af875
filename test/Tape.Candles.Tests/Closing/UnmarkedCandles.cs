using Tape.Core.Events;
using Tape.Venues;
using Tape.Venues.Contract;
using Tape.Venues.Sequences;

namespace Tape.Candles.Tests.Closing;

/// <summary>Binance, were it a venue that marks no candle as final.</summary>
internal sealed class UnmarkedCandles : IVenue
{
    private readonly IVenue _inner = VenueCatalog.Find("binance")!;

    public string Name => _inner.Name;

    public IReadOnlyList<ChannelInfo> Channels => _inner.Channels;

    public static IVenue? Find(string name) => name == "binance" ? new UnmarkedCandles() : null;

    public IReadOnlyList<string> Check(SubscriptionRequest request) => _inner.Check(request);

    public IReadOnlyList<ConnectionPlan> Plan(SubscriptionRequest request) => _inner.Plan(request);

    public FrameDecoder CreateDecoder() => new Decoder(_inner.CreateDecoder());

    /// <summary>A minute without a trade has no candle, so silence of a stream means nothing.</summary>
    public SequenceRule SequenceOf(string channel) => SequenceRule.None;

    private sealed class Decoder(FrameDecoder inner) : FrameDecoder
    {
        public override FrameOutcome Decode(ReadOnlySpan<byte> frame, EventBuffer events)
        {
            var outcome = inner.Decode(frame, events);
            var candles = events.Candles.Items.ToArray();
            events.Candles.Clear();
            foreach (var candle in candles) events.Candles.Add() = candle with { IsClosed = null };
            return outcome;
        }

        public override ReadOnlySpan<byte> StreamName(ReadOnlySpan<byte> frame) => inner.StreamName(frame);
    }
}
