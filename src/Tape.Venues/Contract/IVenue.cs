using Tape.Venues.Rest;
using Tape.Venues.Sequences;

namespace Tape.Venues.Contract;

/// <summary>
/// Pure knowledge of one exchange's protocol: which sockets to open, what to send, how bytes become events. No sockets, clock or files.
/// Implementations are immutable and thread-safe; decoders are not.
/// </summary>
public interface IVenue
{
    /// <summary>Our name, lower case, as in table paths: <c>binance</c>.</summary>
    string Name { get; }

    /// <summary>Channels that can be asked for, in the spelling of the configuration, the default ones first.</summary>
    IReadOnlyList<ChannelInfo> Channels { get; }

    /// <summary>Says what is wrong with a request, one sentence a fault; empty when <see cref="Plan"/> will take it.</summary>
    IReadOnlyList<string> Check(SubscriptionRequest request);

    /// <summary>Spreads the streams over connections by route and the venue's limits.</summary>
    IReadOnlyList<ConnectionPlan> Plan(SubscriptionRequest request);

    /// <summary>A decoder for one reader (it keeps scratch space and no state of the market).</summary>
    FrameDecoder CreateDecoder();

    /// <summary>How a gap in a channel shows.</summary>
    /// <param name="channel">As in <see cref="Tape.Core.Values.StreamKey.Channel"/> of a planned stream; of any other nothing is known.</param>
    SequenceRule SequenceOf(string channel) => SequenceRule.None;

    /// <summary>Whether quantities of trades of a symbol are in units of the base asset; else they are contracts.</summary>
    bool TradesInBaseUnits(string symbol) => true;

    /// <summary>The venue's REST side; null where we know none.</summary>
    IVenueRest? Rest => null;
}

/// <summary>A channel of a venue.</summary>
/// <param name="Name">Spelling in the configuration and in <c>streams</c>: <c>aggTrade</c>.</param>
/// <param name="Summary">What it gives, in a line.</param>
/// <param name="IsDefault">Whether it is recorded when the configuration names no channels.</param>
public sealed record ChannelInfo(string Name, string Summary, bool IsDefault);

/// <summary>What to record from a venue.</summary>
/// <param name="Symbols">The venue's symbols, as the venue writes them in data (<c>BTCUSDT</c>).</param>
/// <param name="Channels">Channel names out of <see cref="IVenue.Channels"/>.</param>
/// <param name="Endpoint">WebSocket base address that replaces the venue's own (a simulator, a test network), or null.</param>
public sealed record SubscriptionRequest(IReadOnlyList<string> Symbols, IReadOnlyList<string> Channels, Uri? Endpoint = null);
