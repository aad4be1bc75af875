using System.Text.Json;
using System.Text.Json.Serialization;
using Tape.Candles.Files;
using Tape.Core.Candles;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Schema;

namespace Tape.Candles.Pipeline;

/// <summary>
/// How far candles have come: <c>quality/candles.state</c>. All that lies before its record is in day files. It names the day files that are not finished, so
/// that a lost one is noticed.
/// </summary>
internal sealed record CandleState(string Tape, long NextSeq, CandleFollowerState Follower, IReadOnlyList<CandleState.OpenDay> Days)
{
    private const string Hint = "It is derived: delete it while nothing seals, and it is made again from what is on the tape.";

    /// <summary>A minutes' file that is not finished.</summary>
    /// <param name="Rows">Rows in it.</param>
    public sealed record OpenDay(string Venue, string Symbol, string Day, int Rows)
    {
        [JsonIgnore]
        public CandleDay Key => new(Venue, Symbol, Timeframe.Minute, DateOnly.ParseExact(Day, "yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    internal sealed record Saved(JsonElement Gaps, JsonElement Candles, OpenDay[] Days);

    /// <summary>Reads it; null when it is not there, is not whole, or is of another tape: then all is derived again.</summary>
    /// <exception cref="UnknownVersionException">A newer program wrote it.</exception>
    public static CandleState? Read(IFiles files, string vault, string tape)
    {
        try
        {
            if (StateFile.Read(files, PathOf(files, vault), Hint) is not { } file || file.Tape != tape) return null;
            var saved = JsonSerializer.Deserialize(file.State, CandleStateJson.Default.Saved);
            return saved is { Days: not null } && saved.Days.All(IsWhole)
                ? new(tape, file.NextSeq, new(saved.Gaps.GetRawText(), saved.Candles.GetRawText()), saved.Days) : null;
        }
        catch (Exception fault) when (fault is DamagedException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Puts it in the place of the one before; durable when this returns.</summary>
    public void Write(IFiles files, string vault)
    {
        var path = PathOf(files, vault);
        DurableFolder.Create(files, Path.GetDirectoryName(path)!);
        using var gaps = JsonDocument.Parse(Follower.Gaps);
        using var candles = JsonDocument.Parse(Follower.Candles);
        var saved = new Saved(gaps.RootElement, candles.RootElement, [.. Days]);
        new StateFile(Tape, NextSeq, JsonSerializer.Serialize(saved, CandleStateJson.Default.Saved)).Write(files, path);
    }

    private static string PathOf(IFiles files, string vault) => EntryPath.Confine(files, vault, "quality/candles.state");

    private static bool IsWhole(OpenDay day) => day is { Venue: not null, Symbol: not null, Day: not null }
        && DateOnly.TryParseExact(day.Day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CandleState.Saved))]
internal sealed partial class CandleStateJson : JsonSerializerContext;
