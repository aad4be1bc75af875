namespace Tape.Venues.Contract;

/// <summary>One socket to hold open.</summary>
/// <param name="Venue">The venue's name.</param>
/// <param name="Route">The venue's own name of the route (<c>public</c>, <c>market</c>).</param>
/// <param name="Shard">0-based number among the connections of the route.</param>
/// <param name="Url">Where to connect.</param>
/// <param name="Streams">What comes over it, in the order subscribed.</param>
/// <param name="Requests">Frames to send once connected, in this order.</param>
/// <param name="Limits">What the venue allows.</param>
/// <param name="KeepAlive">What to send from time to time; null where the venue pings by itself.</param>
/// <param name="Ask">Writes the frame of a further request, by its number, for some of the streams.</param>
/// <param name="Leave">Writes the frame that unsubscribes from some of the streams, by its number.</param>
/// <param name="Refusals">What a refusal means.</param>
public sealed record ConnectionPlan(
    string Venue, string Route, int Shard, Uri Url, IReadOnlyList<StreamPlan> Streams, IReadOnlyList<SubscribeRequest> Requests, ConnectionLimits Limits,
    KeepAlive? KeepAlive, Func<long, IEnumerable<StreamPlan>, string> Ask, Func<long, IEnumerable<StreamPlan>, string> Leave, RefusalRules Refusals);

/// <summary>
/// A frame that keeps a connection open. Its answer is a frame like any other: where neither it nor data comes within
/// <see cref="ConnectionLimits.IdleTimeout"/>, the connection is dead.
/// </summary>
/// <param name="Frame">The text to send.</param>
/// <param name="Every">The time between two of them, and from the last subscription to the first one.</param>
public sealed record KeepAlive(string Frame, TimeSpan Every);

/// <summary>A frame that subscribes.</summary>
/// <param name="Id">What the acknowledgement will carry.</param>
/// <param name="Frame">The text to send.</param>
/// <param name="StreamFrom">0-based index of the first stream it asks for in <see cref="ConnectionPlan.Streams"/>.</param>
/// <param name="StreamToExcl">Index after the last one.</param>
public sealed record SubscribeRequest(long Id, string Frame, int StreamFrom, int StreamToExcl);

/// <summary>A stream of a connection.</summary>
/// <param name="Key">The stream.</param>
/// <param name="WireName">What the venue calls it in frames (<c>btcusdt@aggTrade</c>), equal to what <see cref="FrameDecoder.StreamName"/> gives.</param>
/// <param name="FirstDataWithin">The first frame is expected within this time after subscribing; null where silence is normal.</param>
/// <param name="SilentAfter">Silence longer than this is suspicious; null where silence is normal (liquidations).</param>
public sealed record StreamPlan(StreamKey Key, string WireName, TimeSpan? FirstDataWithin, TimeSpan? SilentAfter);

/// <summary>A venue's limits on a connection, with our safety margin taken off.</summary>
/// <param name="SendsPerSecond">Messages that we may send a second, keep-alive included.</param>
/// <param name="IdleTimeout">No bytes at all for this long means that the connection is dead.</param>
/// <param name="Lifetime">A successor is opened before this age, early enough that it has proven itself when the venue cuts.</param>
/// <param name="LifetimeMax">At this age an open successor takes over, proven or not. Below the age at which the venue cuts.</param>
/// <param name="ConnectsPerFiveMinutes">Connection attempts that one address may make in five minutes.</param>
public sealed record ConnectionLimits(int SendsPerSecond, TimeSpan IdleTimeout, TimeSpan Lifetime, TimeSpan LifetimeMax, int ConnectsPerFiveMinutes);
