using Tape.Api.Documents;

namespace Tape.Cli.Screens;

/// <summary>
/// The books of the document of <c>/status</c> in a line, and the ones that could not be trusted in a line each. Nothing where no server follows books.
/// </summary>
internal static class BookLines
{
    private const string Aligned = "aligned";
    private const int NamedMax = 5;
    private static readonly string[] States = [Aligned, "waiting", "broken"];

    public static IEnumerable<string> Of(IEnumerable<StreamDocument> all)
    {
        var streams = all.Where(stream => stream.Book is not null).ToLookup(stream => stream.Book!.State);
        if (streams.Count == 0) yield break;
        yield return $"books: {string.Join(", ", States.Select(state => $"{streams[state].Count()} {state}"))}";
        var others = streams.Where(state => state.Key != Aligned).SelectMany(state => state).ToList();
        foreach (var stream in others.Take(NamedMax))
            yield return $"  {stream.Exchange} {stream.Channel} {stream.Symbol} {stream.Book!.State}: {stream.Book.Why}";
        if (others.Count > NamedMax) yield return $"  and {others.Count - NamedMax} more";
    }
}
