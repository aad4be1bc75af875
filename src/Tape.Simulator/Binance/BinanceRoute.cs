namespace Tape.Simulator.Binance;

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
