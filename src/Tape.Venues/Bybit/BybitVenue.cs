using Tape.Venues.Contract;
using Tape.Venues.Rest;
using Tape.Venues.Sequences;

namespace Tape.Venues.Bybit;

/// <summary>
/// Bybit's linear perpetuals (USDT and USDC margin) over the v5 API. One public socket carries all topics. A frame in which one topic is wrong is refused in
/// whole, so few are asked for together. <see cref="BybitChannel"/> has the sequence rules.
/// </summary>
public sealed class BybitVenue : IVenue
{
    /// <summary>Topics on one connection. The venue allows 21,000 characters of topics, which 200 of the longest stay below.</summary>
    public const int StreamsPerConnection = 200;

    /// <summary>Topics in one frame, the number that the venue allows on spot, too.</summary>
    public const int TopicsPerRequest = 10;

    private static readonly Uri Production = new("wss://stream.bybit.com");

    private static readonly RefusalRules Refusals = new(
        "Bybit refuses a whole request for one topic that it does not know; the others were asked for again without it. Check that the symbol is a linear "
            + "perpetual that is traded now.", 10006, 10018, 10429);

    private static readonly RequestCheck Rules = new(BybitChannel.All, "BTCUSDT", "-", "letters in upper case, digits and dashes");

    /// <summary>
    /// The venue opens 500 connections in five minutes and cuts none by age; a fresh socket each day is ours. We ping every 20 s: a minute without a byte means
    /// a dead connection.
    /// </summary>
    private static readonly ConnectionLimits Limits = new(
        SendsPerSecond: 10, IdleTimeout: TimeSpan.FromMinutes(1), Lifetime: TimeSpan.FromHours(24), LifetimeMax: TimeSpan.FromHours(36),
            ConnectsPerFiveMinutes: 300);

    private static readonly KeepAlive Ping = new("{\"op\":\"ping\"}", TimeSpan.FromSeconds(20));

    /// <inheritdoc/>
    public string Name => "bybit";

    /// <inheritdoc/>
    public IReadOnlyList<ChannelInfo> Channels { get; } = [.. BybitChannel.All.Select(channel => channel.Info)];

    /// <inheritdoc/>
    public IVenueRest? Rest { get; } = new BybitRest();

    /// <inheritdoc/>
    public FrameDecoder CreateDecoder() => new BybitDecoder();

    /// <inheritdoc/>
    public SequenceRule SequenceOf(string channel) => VenueChannel.SequenceOf(BybitChannel.All, channel);

    /// <inheritdoc/>
    public IReadOnlyList<string> Check(SubscriptionRequest request) => Rules.Faults(request);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException"><see cref="Check"/> finds faults.</exception>
    public IReadOnlyList<ConnectionPlan> Plan(SubscriptionRequest request)
    {
        Rules.Require(request);
        var url = new Uri($"{(request.Endpoint ?? Production).AbsoluteUri.TrimEnd('/')}/v5/public/linear");
        var channels = BybitChannel.All.Where(channel => request.Channels.Contains(channel.Info.Name)).ToList();
        var symbols = request.Symbols.Select(symbol => channels.ConvertAll(channel => PlanStream(symbol, channel)));
        return
        [
            .. SymbolStreams.Spread(symbols, StreamsPerConnection, stream => 0, 0).Select((streams, shard) => new ConnectionPlan(
                Name, BybitChannel.Route, shard, url, streams,
                    SymbolStreams.Requests(streams, TopicsPerRequest, Frame, stream => SymbolStreams.Quote(stream.WireName)), Limits, Ping,
                    (id, asked) => Frame(id, SymbolStreams.Names(asked)), (id, left) => Frame(id, SymbolStreams.Names(left), "unsubscribe"), Refusals)),
        ];
    }

    private StreamPlan PlanStream(string symbol, VenueChannel channel)
        => new(new StreamKey(Name, channel.WireName, symbol), $"{channel.WireName}.{symbol}", channel.FirstDataWithin, channel.SilentAfter);

    private static string Frame(long id, string topics) => Frame(id, topics, "subscribe");

    private static string Frame(long id, string topics, string operation) => $"{{\"req_id\":\"{id}\",\"op\":\"{operation}\",\"args\":[{topics}]}}";
}
