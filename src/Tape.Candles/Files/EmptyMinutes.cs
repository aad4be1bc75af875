using System.Text.Json;
using System.Text.Json.Serialization;
using Tape.Core.Candles;
using Tape.Storage.Files;
using Tape.Storage.Schema;

namespace Tape.Candles.Files;

/// <summary>
/// Which minutes of a symbol's day are proven to have had no trade: <c>quality/minutes/&lt;venue&gt;/&lt;symbol&gt;/&lt;YYYY-MM-DD&gt;.json</c>, only for days
/// that have some. One that can't be read proves nothing: it is derived, and replaced with the next minute. Not thread-safe.
/// </summary>
public sealed class EmptyMinutes(IFiles files, string vault, CandlePaths paths)
{
    private const int BytesMax = 64 << 10;
    private const int MinutesOfDay = (int)(Timeframe.DayMs / Timeframe.MinuteMs);

    /// <summary>The open times of a day's empty minutes, rising.</summary>
    /// <param name="day">Of any timeframe.</param>
    public SortedSet<long> Read(CandleDay day)
    {
        var path = EntryPath.Confine(files, vault, Relative(day));
        return WholeFile.Read(files, path, BytesMax) is { } bytes ? Parse(bytes, day) ?? [] : [];
    }

    /// <summary>Replaces them.</summary>
    public void Write(CandleDay day, IReadOnlyCollection<long> minutes)
    {
        var path = EntryPath.Confine(files, vault, Relative(day));
        var saved = new SavedMinutes(day.Venue, day.Symbol, day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            [.. minutes.Select(minute => (int)((minute - day.StartMs) / Timeframe.MinuteMs))]);
        WholeFile.Replace(files, path, JsonSerializer.SerializeToUtf8Bytes(saved, EmptyMinutesJson.Default.SavedMinutes));
    }

    private string Relative(CandleDay day) => string.Create(CultureInfo.InvariantCulture,
        $"quality/minutes{paths.FolderOf(day.Venue, day.Symbol)["data".Length..]}/{day.Day:yyyy-MM-dd}.json");

    private static SortedSet<long>? Parse(ReadOnlySpan<byte> json, CandleDay day)
    {
        try
        {
            var saved = JsonSerializer.Deserialize(json, EmptyMinutesJson.Default.SavedMinutes);
            return saved?.NoTrade is { } minutes && saved.Venue == day.Venue && saved.Symbol == day.Symbol && minutes.All(minute =>
                minute is >= 0 and < MinutesOfDay)
                ? [.. minutes.Select(minute => day.StartMs + (minute * Timeframe.MinuteMs))] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The form on the disk.</summary>
/// <param name="NoTrade">Minutes of the day, 0 to 1,439.</param>
internal sealed record SavedMinutes(string Venue, string Symbol, string Day, int[] NoTrade);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SavedMinutes))]
internal sealed partial class EmptyMinutesJson : JsonSerializerContext;
