using System.Text.Json;
using Tape.Candles.Files;
using Tape.Storage.Files;

namespace Tape.Candles.Quality;

/// <summary>The lines of <c>quality/candles/</c>, for readers: what was rejected, partial, incomplete, withdrawn or restated.</summary>
public static class StoredFindings
{
    private const string Folder = "quality/candles";
    private const string Ending = ".jsonl";

    /// <summary>All findings about candles of some days, by day and in the order written. A line that is cut or no JSON object is passed over.</summary>
    /// <param name="takesDay">Whether a day is asked for.</param>
    /// <exception cref="IOException">A file can't be read. Raised while enumerating.</exception>
    public static IEnumerable<JsonElement> Read(IFiles files, string vault, Func<DateOnly, bool> takesDay)
    {
        var folder = EntryPath.Absolute(vault, Folder);
        foreach (var name in files.ListFiles(folder).Order(StringComparer.Ordinal))
            if (CandleDay.TryReadName(name, Ending, out var day) && takesDay(day) && !files.IsLink(Path.Combine(folder, name)))
                foreach (var finding in ReadDay(files, Path.Combine(folder, name))) yield return finding;
    }

    private static IEnumerable<JsonElement> ReadDay(IFiles files, string path)
    {
        if (WholeFile.Read(files, path, (int)CandleQuality.DayBytesMax) is not { } bytes) yield break;
        for (var from = 0; from < bytes.Length;)
        {
            var length = bytes.AsSpan(from).IndexOf((byte)'\n');
            if (length < 0) yield break;
            if (Parse(bytes.AsMemory(from, length)) is { } finding) yield return finding;
            from += length + 1;
        }
    }

    private static JsonElement? Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            // A cut left it torn; the finding stands there again behind it.
            return null;
        }
    }
}
