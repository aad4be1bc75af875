using Tape.Venues.Contract;
using Tape.Venues.Rest;
using Tape.Venues.Sequences;

namespace Tape.Venues.Okx;

/// <summary>
/// OKX's swaps over the v5 API. An error names the request but not the stream, so each request asks for one stream. <see cref="OkxChannel"/>
/// has the sequence rules.
/// </summary>
public sealed class OkxVenue : IVenue
{
    /// <summary>Streams on one connection: the venue takes 480 requests an hour, and they are sent within ten seconds.</summary>
    public const int StreamsPerConnection = 100;

    /// <summary>Books of 400 levels on one connection, as the venue advises.</summary>
    public const int BooksPerConnection = 30;

    private static readonly Uri Production = new("wss://ws.okx.com:8443");

    private static readonly RefusalRules Refusals = new(
        "OKX refuses each stream alone: 60018 means that the instrument or the channel does not exist on this route, 64003 that the channel needs a higher fee "
            + "tier.", 50011, 50013, 60014);

    private static readonly RequestCheck Rules = new(OkxChannel.All, "BTC-USDT-SWAP", "-_", "letters in upper case, digits, dashes and underscores");

    /// <summary>
    /// The venue opens 3 connections a second, closes those without data for 30 s, and cuts none by age; a fresh socket each day is ours. We ping every 20 s:
    /// 45 s without a byte mean a dead connection.
    /// </summary>
    private static readonly ConnectionLimits Limits = new(
        SendsPerSecond: 10, IdleTimeout: TimeSpan.FromSeconds(45), Lifetime: TimeSpan.FromHours(24), LifetimeMax: TimeSpan.FromHours(36),
            ConnectsPerFiveMinutes: 300);

    private static readonly KeepAlive Ping = new("ping", TimeSpan.FromSeconds(20));

    /// <inheritdoc/>
    public string Name => "okx";

    /// <inheritdoc/>
    public IReadOnlyList<ChannelInfo> Channels { get; } = [.. OkxChannel.All.Select(channel => channel.Info)];

    /// <inheritdoc/>
    public IVenueRest? Rest { get; } = new OkxRest();

    /// <inheritdoc/>
    public FrameDecoder CreateDecoder() => new OkxDecoder();

    /// <inheritdoc/>
    /// <summary>Spot instruments have two parts in their names; quantities of all others are contracts.</summary>
    public bool TradesInBaseUnits(string symbol) => symbol.Count(letter => letter == '-') == 1;

    public SequenceRule SequenceOf(string channel) => VenueChannel.SequenceOf(OkxChannel.All, channel);

    /// <inheritdoc/>
    public IReadOnlyList<string> Check(SubscriptionRequest request) => Rules.Faults(request);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException"><see cref="Check"/> finds faults.</exception>
    public IReadOnlyList<ConnectionPlan> Plan(SubscriptionRequest request)
    {
        Rules.Require(request);
        var channels = OkxChannel.All.Where(channel => request.Channels.Contains(channel.Info.Name)).ToList();
        return [.. new[] { OkxChannel.PublicRoute,
            OkxChannel.BusinessRoute }.SelectMany(route => PlanRoute(request, route, [.. channels.Where(channel => channel.Route == route)]))];
    }

    private IEnumerable<ConnectionPlan> PlanRoute(SubscriptionRequest request, string route, IReadOnlyList<VenueChannel> channels)
    {
        var url = new Uri($"{(request.Endpoint ?? Production).AbsoluteUri.TrimEnd('/')}/ws/v5/{route}");
        var planned = new HashSet<StreamKey>();
        var symbols = request.Symbols.Select(symbol => channels.Select(channel => PlanStream(symbol, channel)).Where(stream => planned.Add(stream.Key))
            .ToList());
        return SymbolStreams.Spread(symbols, StreamsPerConnection, stream => stream.Key.Channel == "books" ? 1 : 0, BooksPerConnection)
            .Select((streams, shard) => new ConnectionPlan(Name, route, shard, url, streams, SymbolStreams.Requests(streams, 1, Frame, Argument), Limits,
                Ping, (id, asked) => Frame(id, string.Join(',', asked.Select(Argument))),
                (id, left) => Frame(id, string.Join(',', left.Select(Argument)), "unsubscribe"), Refusals));
    }

    /// <summary>Several symbols share a stream of an index, and all share that of liquidations.</summary>
    private StreamPlan PlanStream(string symbol, VenueChannel channel)
    {
        var name = channel.WireName switch
        {
            OkxChannel.Liquidations => "",
            OkxChannel.Index => OkxSymbol.IndexOf(symbol),
            _ => symbol,
        };
        return new(new StreamKey(Name, channel.WireName, name), $"{channel.WireName}:{(name.Length == 0 ? OkxSymbol.Swap : name)}", channel.FirstDataWithin,
            channel.SilentAfter);
    }

    private static string Argument(StreamPlan stream) => stream.Key.Symbol.Length == 0
        ? $"{{\"channel\":\"{stream.Key.Channel}\",\"instType\":\"{OkxSymbol.Swap}\"}}"
        : $"{{\"channel\":\"{stream.Key.Channel}\",\"instId\":{SymbolStreams.Quote(stream.Key.Symbol)}}}";

    private static string Frame(long id, string arguments) => Frame(id, arguments, "subscribe");

    private static string Frame(long id, string arguments, string operation) => $"{{\"id\":\"{id}\",\"op\":\"{operation}\",\"args\":[{arguments}]}}";
}
