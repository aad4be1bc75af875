using System.Text.Json;
using Tape.Simulator.Replay;

namespace Tape.Simulator.Bybit;

/// <summary>Topics: a channel, a point, a symbol.</summary>
public sealed class BybitChannels : ChannelMap
{
    /// <summary>The only route: the URL of linear contracts.</summary>
    internal const string Linear = "linear";

    internal override string Venue => "bybit";

    /// <summary><c>orderbook.50.BTCUSDT</c> gives <c>orderbook.50</c>.</summary>
    internal override string? OfStream(string name) => name.LastIndexOf('.') is > 0 and var dot && dot < name.Length - 1 ? name[..dot] : null;

    internal override string? OfFrame(byte[] frame) => StreamOf(frame) is { } topic ? OfStream(topic) : null;

    internal override string? StreamOf(ReadOnlySpan<byte> frame) =>
        NameIn(frame, "topic"u8, default, topic => topic.ValueKind == JsonValueKind.String ? topic.GetString() : null);

    internal override string RouteOf(string channel) => Linear;
}
