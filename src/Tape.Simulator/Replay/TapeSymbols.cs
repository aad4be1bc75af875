using Tape.Storage.Files;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;

namespace Tape.Simulator.Replay;

/// <summary>The symbols that the connections of a tape asked for.</summary>
internal static class TapeSymbols
{
    /// <summary>Connections note their streams when they open; those that open after so many records are not looked for.</summary>
    private const int RecordsMax = 1_000_000;

    /// <summary>A venue's symbols, as it writes them, in order.</summary>
    public static IReadOnlyList<string> Read(string tapeFolder, string venue)
    {
        var symbols = new SortedSet<string>(StringComparer.Ordinal);
        using var reader = TapeReader.Open(DiskFiles.Instance, tapeFolder);
        for (var records = 0; records < RecordsMax && reader.TryRead(out var record); records++)
        {
            if (record.Kind == RecordKind.Note && Note.Parse(record.Payload) is ConnectedNote note && note.Venue == venue)
                symbols.UnionWith(note.Streams.Select(stream => stream.Symbol));
        }

        return [.. symbols];
    }
}
