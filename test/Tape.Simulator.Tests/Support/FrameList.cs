using System.Text;
using System.Text.Json;
using Tape.Core.Values;
using Tape.Simulator.Market;
using Tape.Simulator.Serving;

namespace Tape.Simulator.Tests.Support;

/// <summary>The frames of a synthetic market, without sockets or waiting.</summary>
internal sealed class FrameList : IFrameSink
{
    public static readonly UnixNanos Start = new(1_800_000_010L * UnixNanos.PerSecond);

    public List<(string Stream, string Text)> Frames { get; } = [];

    public void Deliver(SimulatedStream stream, ReadOnlySpan<byte> data, bool isWhole) => Frames.Add((stream.Name, Encoding.UTF8.GetString(data)));

    /// <summary>The frames that a first subscriber of these streams gets.</summary>
    public static List<(string Stream, string Text)> Of(SyntheticMarket market, double seconds, int stepMs, params string[] names)
    {
        var sink = new FrameList();
        foreach (var name in names) Subscribe(market, name, Start, sink);
        for (var ms = stepMs; ms <= seconds * 1000; ms += stepMs) market.Advance(Start.Add(TimeSpan.FromMilliseconds(ms)), sink);
        return sink.Frames;
    }

    public static SimulatedStream Subscribe(SyntheticMarket market, string name, UnixNanos now, FrameList sink)
    {
        var stream = market.Find(name) ?? throw new InvalidOperationException($"no stream {name}");
        market.SetActive(stream, true, now);
        market.Greet(stream, now, sink);
        return stream;
    }

    public static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public static long Long(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? long.Parse(value.GetString()!, System.Globalization.CultureInfo.InvariantCulture) : value.GetInt64();

    /// <summary>Applies the levels of a frame to a side of a book.</summary>
    public static void Apply(Dictionary<string, string> side, JsonElement levels)
    {
        foreach (var level in levels.EnumerateArray())
        {
            var (price, size) = (level[0].GetString()!, level[1].GetString()!);
            if (size == "0") Assert.True(side.Remove(price), $"level {price} is removed and was not there");
            else side[price] = size;
        }
    }
}
