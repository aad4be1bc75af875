using System.Text.Json;
using Tape.Simulator.Replay;

namespace Tape.Simulator.Okx;

/// <summary>
/// The venue names streams by an object: <c>{"channel":"trades","instId":"BTC-USDT-SWAP"}</c>. Here, and in fault scripts, that is <c>trades:BTC-USDT-SWAP</c>,
/// and
/// <c>liquidation-orders:SWAP</c> where it names a type of instrument.
/// </summary>
public sealed class OkxChannels : ChannelMap
{
    internal const string Public = "public";
    internal const string Business = "business";

    internal override string Venue => "okx";

    /// <summary>Clients ask for one stream at a time and for few in a second.</summary>
    internal override TimeSpan Grace => TimeSpan.FromSeconds(3);

    /// <summary>The name of the stream behind an argument, or null when it names none.</summary>
    internal static string? NameOf(JsonElement argument)
    {
        if (argument.ValueKind != JsonValueKind.Object || Text(argument, "channel") is not { } channel) return null;
        return (Text(argument, "instId") ?? Text(argument, "instType")) is { } about ? $"{channel}:{about}" : null;
    }

    internal override string? OfStream(string name) => name.IndexOf(':') is > 0 and var colon ? name[..colon] : null;

    internal override string? OfFrame(byte[] frame) => StreamOf(frame) is { } name ? OfStream(name) : null;

    /// <summary>Data frames have an argument and data, no event.</summary>
    internal override string? StreamOf(ReadOnlySpan<byte> frame) => NameIn(frame, "arg"u8, "event"u8, NameOf);

    internal override string RouteOf(string channel) => channel == "trades-all" || channel.Contains("candle", StringComparison.Ordinal) ? Business : Public;

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
