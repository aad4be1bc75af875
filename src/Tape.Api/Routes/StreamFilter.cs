using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using Tape.Storage.Seals;

namespace Tape.Api.Routes;

/// <summary>Picks streams by what the address says; what it does not name, or leaves empty, fits all.</summary>
internal sealed record StreamFilter
{
    [FromQuery(Name = "venue"), Description("Only this venue, such as binance.")]
    public string? Venue { get; init; }

    [FromQuery(Name = "channel"), Description("Only this channel, as the venue names it.")]
    public string? Channel { get; init; }

    [FromQuery(Name = "symbol"), Description("Only this symbol, as the venue writes it.")]
    public string? Symbol { get; init; }

    public bool Takes(StreamStatistics stream) => Fits(Venue, stream.Exchange) && Fits(Channel, stream.Channel) && Fits(Symbol, stream.Symbol);

    private static bool Fits(string? wanted, string found) => string.IsNullOrEmpty(wanted) || wanted == found;
}
