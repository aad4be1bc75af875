using Tape.Collect;
using Tape.Venues.Contract;

namespace Tape.Host.Configuration;

/// <summary>What the configuration asks of a venue.</summary>
/// <param name="Symbols">Names or patterns.</param>
/// <param name="Channels">Channel names.</param>
/// <param name="Endpoint">WebSocket base address instead of the venue's own; null for that.</param>
/// <param name="RestEndpoint">REST base address instead of the venue's own; null for the default of <see cref="RestAddress"/>.</param>
public sealed record VenueSettings(IVenue Venue, SymbolSelection Symbols, IReadOnlyList<string> Channels, Uri? Endpoint, Uri? RestEndpoint)
{
    /// <summary>
    /// Where its REST side is asked: the address given; the venue's own when the WebSocket address is the venue's own; on this machine the host of the
    /// WebSocket address, as the simulator serves both. Null for another network, such as a test network: production would say something else than it.
    /// </summary>
    public Uri? RestAddress =>
        RestEndpoint ?? (Endpoint is null
            ? Venue.Rest?.Endpoint
            : Endpoint.IsLoopback ? new UriBuilder(Endpoint) { Scheme = Endpoint.Scheme == "wss" ? "https" : "http" }.Uri : null);

    /// <summary>What is wrong with it, one sentence a fault.</summary>
    public IReadOnlyList<string> Faults()
    {
        // Patterns have no names yet; a letter in their place lets the venue look at the rest.
        IReadOnlyList<string> names = Symbols.IsExplicit || Symbols.Names.Count > 0 ? Symbols.Names : ["A"];
        return [.. Symbols.Faults(), .. Venue.Check(Request(names).Request)];
    }

    /// <summary>The request for given symbols.</summary>
    public VenueRequest Request(IReadOnlyList<string> symbols) => new(Venue, new SubscriptionRequest(symbols, Channels, Endpoint));
}
