using Tape.Venues.Contract;
using Tape.Venues.Rest;
using Tape.Venues.Sequences;

namespace Tape.Venues.Binance;

/// <summary>
/// Binance USDⓈ-M futures. Every stream belongs to one of two routes with a socket each; a stream asked for on the wrong route is
/// acknowledged and stays silent. Streams are named in lower case, symbols in data are in upper case. <see cref="BinanceChannel"/> has the sequence
/// rules.
/// </summary>
public sealed class BinanceVenue : IVenue
{
    /// <summary>Streams on one connection. The venue allows 1024; fewer lose less when a connection dies.</summary>
    public const int StreamsPerConnection = 200;

    /// <summary>Names in one SUBSCRIBE frame. No number is documented; <see cref="RequestBytesMax"/> limits it sooner.</summary>
    public const int NamesPerRequest = 200;

    /// <summary>
    /// Bytes of a SUBSCRIBE frame. Users of the venue report that it ignores frames beyond 4,096 bytes: no answer, no data.
    /// </summary>
    public const int RequestBytesMax = 4_000;

    private static readonly Uri Production = new("wss://fstream.binance.com");

    /// <summary>
    /// The venue takes 10 messages a second, pongs included, and cuts after 24 hours. It pings every 3 minutes, so 4 without a byte mean a dead connection.
    /// </summary>
    private static readonly ConnectionLimits Limits = new(
        SendsPerSecond: 5, IdleTimeout: TimeSpan.FromMinutes(4), Lifetime: TimeSpan.FromHours(23), LifetimeMax: new TimeSpan(23, 50, 0),
            ConnectsPerFiveMinutes: 300);

    private static readonly RefusalRules Refusals = new(
        "Binance refuses requests that are malformed (code 2) or go beyond its limit of streams on a connection (code 4). A name that it does not know it "
            + "acknowledges, and sends nothing.", -1003, 418, 429);

    private static readonly RequestCheck Rules = new(BinanceChannel.All, "BTCUSDT", "_", "letters in upper case, digits and underscores");

    /// <inheritdoc/>
    public string Name => "binance";

    /// <inheritdoc/>
    public IReadOnlyList<ChannelInfo> Channels { get; } = [.. BinanceChannel.All.Select(channel => channel.Info)];

    /// <inheritdoc/>
    public IVenueRest? Rest { get; } = new BinanceRest();

    /// <inheritdoc/>
    public FrameDecoder CreateDecoder() => new BinanceDecoder();

    /// <inheritdoc/>
    public SequenceRule SequenceOf(string channel) => VenueChannel.SequenceOf(BinanceChannel.All, channel);

    /// <inheritdoc/>
    public IReadOnlyList<string> Check(SubscriptionRequest request) => Rules.Faults(request);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException"><see cref="Check"/> finds faults.</exception>
    public IReadOnlyList<ConnectionPlan> Plan(SubscriptionRequest request)
    {
        Rules.Require(request);
        var channels = BinanceChannel.All.Where(channel => request.Channels.Contains(channel.Info.Name)).ToList();
        return [.. new[] { BinanceChannel.PublicRoute,
            BinanceChannel.MarketRoute }.SelectMany(route => PlanRoute(request, route, [.. channels.Where(channel => channel.Route == route)]))];
    }

    /// <summary>Connections of one route. Streams of one symbol stay together, so that their siblings prove a quiet one alive.</summary>
    private IEnumerable<ConnectionPlan> PlanRoute(SubscriptionRequest request, string route, IReadOnlyList<VenueChannel> channels)
    {
        var url = new Uri($"{(request.Endpoint ?? Production).AbsoluteUri.TrimEnd('/')}/{route}/stream");
        return request.Symbols
            .SelectMany(symbol => channels.Select(channel => PlanStream(symbol, channel)))
            .Chunk(StreamsPerConnection)
            .Select((streams, shard) => new ConnectionPlan(Name, route, shard, url, streams,
                SymbolStreams.Requests(streams, NamesPerRequest, Frame, stream => SymbolStreams.Quote(stream.WireName), RequestBytesMax), Limits,
                    KeepAlive: null, (id, asked) => Frame(id, SymbolStreams.Names(asked)), (id, left) => Frame(id, SymbolStreams.Names(left), "UNSUBSCRIBE"),
                    Refusals));
    }

    private StreamPlan PlanStream(string symbol, VenueChannel channel) => new(
        new StreamKey(Name, channel.WireName, symbol), $"{symbol.ToLowerInvariant()}@{channel.WireName}", channel.FirstDataWithin, channel.SilentAfter);

    private static string Frame(long id, string names) => Frame(id, names, "SUBSCRIBE");

    private static string Frame(long id, string names, string method) => $"{{\"method\":\"{method}\",\"params\":[{names}],\"id\":{id}}}";
}
