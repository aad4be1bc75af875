using Tape.Simulator.Serving;

namespace Tape.Simulator.Bybit;

/// <summary>The book of one level: every frame is a snapshot, and now and then the last one comes again under the same number.</summary>
internal sealed class QuoteStream(string name, int symbol) : SimulatedStream(name, BybitChannels.Linear, StreamKind.Quotes, symbol, default)
{
    /// <summary>The last frame's content, without the times around it.</summary>
    public (long Bid, long BidQuantity, long Ask, long AskQuantity, long Sequence, long MatchedMs) Told { get; set; }

    /// <summary>Whether the next frame is to begin the book again.</summary>
    public bool IsRestarted { get; set; }
}
