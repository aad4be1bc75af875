using Microsoft.AspNetCore.Http;

namespace Tape.Simulator.Binance;

/// <summary>What a WebSocket URL asks for.</summary>
/// <param name="Route">Where it came in.</param>
/// <param name="Combined">Whether data frames are wrapped with their stream's name.</param>
/// <param name="Streams">Streams named in the URL.</param>
internal sealed record BinancePath(string Route, bool Combined, IReadOnlyList<string> Streams)
{
    /// <summary>Reads the path; null when it is no WebSocket path of the venue.</summary>
    public static BinancePath? Parse(HttpRequest request)
    {
        var parts = (request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        var route = parts is [BinanceRoute.Public or BinanceRoute.Market or BinanceRoute.Private, ..] ? parts[0] : BinanceRoute.Legacy;
        var rest = route == BinanceRoute.Legacy ? parts : parts[1..];
        return rest switch
        {
            ["ws", .. var streams] => new BinancePath(route, false, streams),
            ["stream"] => new BinancePath(route, true, request.Query["streams"].ToString().Split('/', StringSplitOptions.RemoveEmptyEntries)),
            _ => null,
        };
    }
}

/// <summary>The part of the venue's URL space that a connection came in by; it decides what the connection is given.</summary>
internal static class BinanceRoute
{
    public const string Public = "public";
    public const string Market = "market";
    public const string Private = "private";

    /// <summary>The URLs without a route, which accept everything and deliver what is public.</summary>
    public const string Legacy = "legacy";

    /// <summary>Whether a connection of a route is given the data of a stream; if not, it is acknowledged and silent.</summary>
    public static bool Delivers(string connectionRoute, string streamRoute) =>
        streamRoute == (connectionRoute == Legacy ? Public : connectionRoute);
}
