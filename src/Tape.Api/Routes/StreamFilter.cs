using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using Tape.Query.Names;

namespace Tape.Api.Routes;

/// <summary>Names streams in the address; what is absent or empty fits all.</summary>
internal sealed record StreamFilter
{
    [FromQuery(Name = "venue"), Description("Only this venue, such as binance.")]
    public string? Venue { get; init; }

    [FromQuery(Name = "channel"), Description("Only this channel, as the venue names it.")]
    public string? Channel { get; init; }

    [FromQuery(Name = "symbol"), Description("Only this symbol, as the venue writes it; upper and lower case are the same.")]
    public string? Symbol { get; init; }

    /// <summary>What the names mean among the streams of the vault.</summary>
    /// <exception cref="UnknownNameException">A name is not there.</exception>
    public StreamPick Pick(ApiContext api) => api.KnownStreams().Pick(Venue, Channel, Symbol);
}
