using System.Text.Json;

namespace Tape.Cli.Screens;

/// <summary>
/// The books of the document of <c>/status</c> in a line, and the ones that could not be trusted in a line each. Nothing where no server follows books.
/// </summary>
internal static class BookLines
{
    private const string Aligned = "aligned";
    private const int NamedMax = 5;
    private static readonly string[] States = [Aligned, "waiting", "broken"];

    public static IEnumerable<string> Of(JsonElement status)
    {
        var streams = status.GetProperty("streams").EnumerateArray().Where(stream => stream.TryGetProperty("book", out _)).ToLookup(State);
        if (streams.Count == 0) yield break;
        yield return $"books: {string.Join(", ", States.Select(state => $"{streams[state].Count()} {state}"))}";
        var others = streams.Where(state => state.Key != Aligned).SelectMany(state => state).ToList();
        foreach (var stream in others.Take(NamedMax))
            yield return $"  {Text(stream, "venue")} {Text(stream, "channel")} {Text(stream, "symbol")} {State(stream)}: "
                + $"{Text(stream.GetProperty("book"), "why")}";
        if (others.Count > NamedMax) yield return $"  and {others.Count - NamedMax} more";
    }

    private static string State(JsonElement stream) => Text(stream.GetProperty("book"), "state");

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";
}
