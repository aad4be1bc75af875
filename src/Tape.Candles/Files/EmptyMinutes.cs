using System.Text.Json;
using System.Text.Json.Serialization;
using Tape.Candles.Closing;
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
    private const string Folder = "quality/minutes";
    private const string Ending = ".json";
    private const int BytesMax = 64 << 10;
    private const int MinutesOfDay = (int)(Timeframe.DayMs / Timeframe.MinuteMs);

    /// <summary>The open times of a day's empty minutes, rising.</summary>
    /// <param name="day">Of any timeframe.</param>
    public SortedSet<long> Read(CandleDay day)
    {
        var path = EntryPath.Confine(files, vault, Relative(day));
        return WholeFile.Read(files, path, BytesMax) is { } bytes ? Parse(bytes, day) ?? [] : [];
    }

    /// <summary>Those of all symbols, for readers: by venue, symbol and time.</summary>
    /// <param name="takesDay">Whether a day is asked for.</param>
    public static IEnumerable<EmptyMinute> ReadAll(IFiles files, string vault, Func<DateOnly, bool> takesDay)
    {
        var root = EntryPath.Absolute(vault, Folder);
        foreach (var venue in files.ListFolders(root).Order(StringComparer.Ordinal))
            foreach (var symbol in files.ListFolders(Path.Combine(root, venue)).Order(StringComparer.Ordinal))
                foreach (var name in files.ListFiles(Path.Combine(root, venue, symbol)).Order(StringComparer.Ordinal))
                    if (CandleDay.TryReadName(name, Ending, out var day) && takesDay(day))
                        foreach (var minute in ReadFile(files, Path.Combine(root, venue, symbol, name), day)) yield return minute;
    }

    private static IEnumerable<EmptyMinute> ReadFile(IFiles files, string path, DateOnly day)
    {
        if (files.IsLink(path) || WholeFile.Read(files, path, BytesMax) is not { } bytes || Saved(bytes) is not { } saved) return [];
        var start = new CandleDay(saved.Venue, saved.Symbol, Timeframe.Minute, day).StartMs;
        return saved.NoTrade.Where(minute => minute is >= 0 and < MinutesOfDay)
            .Select(minute => new EmptyMinute(saved.Venue, saved.Symbol, start + minute * Timeframe.MinuteMs));
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
        $"{Folder}{paths.FolderOf(day.Venue, day.Symbol)["data".Length..]}/{day.Day:yyyy-MM-dd}{Ending}");

    private static SortedSet<long>? Parse(ReadOnlySpan<byte> json, CandleDay day) =>
        Saved(json) is { } saved && saved.Venue == day.Venue && saved.Symbol == day.Symbol && saved.NoTrade.All(minute => minute is >= 0 and < MinutesOfDay)
            ? [.. saved.NoTrade.Select(minute => day.StartMs + (minute * Timeframe.MinuteMs))] : null;

    private static SavedMinutes? Saved(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, EmptyMinutesJson.Default.SavedMinutes) is { Venue: not null, Symbol: not null, NoTrade: not null } saved
                ? saved : null;
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
