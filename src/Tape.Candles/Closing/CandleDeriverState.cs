using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tape.Candles.Closing;

/// <summary>What closing must know at a place of the tape in order to go on from there.</summary>
internal sealed class CandleDeriverState
{
    public long NextSeq { get; init; }

    public List<SymbolMinutes> Symbols { get; init; } = [];

    public string ToJson() => JsonSerializer.Serialize(this, CandleDeriverJson.Default.CandleDeriverState);

    /// <exception cref="DamagedException">The text is not such a state.</exception>
    public static CandleDeriverState Parse(string json)
    {
        try
        {
            var state = JsonSerializer.Deserialize(json, CandleDeriverJson.Default.CandleDeriverState) ?? throw new JsonException("found null");
            return state.IsWhole ? state : throw new JsonException("a part of the state is missing");
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new DamagedException($"The state of candles can't be read: {fault.Message}", "It is made again from what is on the tape.", fault);
        }
    }

    private bool IsWhole => Symbols is not null && NextSeq >= 0 && Symbols.TrueForAll(symbol =>
        symbol is { Venue: not null, Symbol: not null, Channels: not null, Minutes: not null }
        && symbol.Channels.TrueForAll(channel => channel is { Key: { Venue: not null, Channel: not null, Symbol: not null }, Broken: not null }
            && channel.Broken.TrueForAll(span => span is { Length: 2 }))
        && symbol.Minutes.TrueForAll(minute => minute is { Trades: not null } && IsChannel(symbol, minute.From, -1)
            && (minute.Venue is null || IsChannel(symbol, minute.Venue.Channel, 0))
            && minute.Trades.TrueForAll(trades => trades is { Seen: { Runs: not null } } && IsChannel(symbol, trades.Channel, 0)
                && trades.Seen.Runs.TrueForAll(run => run is { Length: 2 }))));

    private static bool IsChannel(SymbolMinutes symbol, int channel, int least) => channel >= least && channel < symbol.Channels.Count;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(ExactSumJson)],
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(CandleDeriverState))]
internal sealed partial class CandleDeriverJson : JsonSerializerContext;
