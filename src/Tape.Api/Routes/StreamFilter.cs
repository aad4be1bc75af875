using Microsoft.AspNetCore.Http;
using Tape.Storage.Seals;

namespace Tape.Api.Routes;

/// <summary>Picks streams by what the address says; what it does not name fits all.</summary>
internal sealed record StreamFilter(string? Venue, string? Channel, string? Symbol)
{
    public static readonly IReadOnlyList<ApiParameter> Parameters =
    [
        new("venue", "Only this venue, such as binance."), new("channel", "Only this channel, as the venue names it."),
            new("symbol", "Only this symbol, as the venue writes it."),
    ];

    public static StreamFilter Of(HttpRequest request) => new(Value(request, "venue"), Value(request, "channel"), Value(request, "symbol"));

    public bool Takes(StreamStatistics stream) => Fits(Venue, stream.Exchange) && Fits(Channel, stream.Channel) && Fits(Symbol, stream.Symbol);

    /// <summary>A parameter of the address; null when absent or empty.</summary>
    public static string? Value(HttpRequest request, string name) => request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    private static bool Fits(string? wanted, string found) => wanted is null || wanted == found;
}
