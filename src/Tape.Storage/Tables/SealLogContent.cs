using System.Text.Json;
using Tape.Core.Errors;
using Tape.Storage.Logs;

namespace Tape.Storage.Tables;

/// <summary>What a seal log says.</summary>
/// <param name="Committed">Seals whose files are in place, in the order of the ranges; of each range the newest generation.</param>
/// <param name="Pending">The last seal, when it is not committed: readers leave it out, recovery does it again.</param>
/// <param name="WholeBytes">Bytes of whole lines; what follows is a torn line.</param>
public sealed record SealLogContent(IReadOnlyList<SealEntry> Committed, SealEntry? Pending, long WholeBytes)
{
    private const string KnownFolder = $"raw/{RawSchema.Version}/";

    /// <summary>Replaced seals whose files may still be in the tables' folders; readers leave them out, recovery sets them aside.</summary>
    public IReadOnlyList<SupersededSeal> Superseded { get; init; } = [];

    /// <summary>The files that hold all sealed rows, each once.</summary>
    public IEnumerable<SealedFile> Files => State.Files;

    /// <summary>What the streams brought, range by range.</summary>
    public IEnumerable<StreamStatistics> Streams => Committed.SelectMany(seal => seal.Streams);

    /// <summary>Files that folds took the rows of and that may still be in the tables' folders; readers leave them out, recovery deletes them.</summary>
    public IReadOnlyList<OutOfUseParts> OutOfUse => State.OutOfUse;

    /// <summary>The highest number in use; 0 for an empty log.</summary>
    public long LastId { get; init; }

    internal SealLogState State { get; private init; } = new();

    /// <summary>Reads all lines. What a power cut may have left of the last write (any bytes, line feeds among them) is left out; a bad line before a whole one is damage.</summary>
    /// <exception cref="UnknownVersionException">A newer program wrote a line.</exception>
    /// <exception cref="DamagedException">A line inside is not whole, or entries do not follow one another.</exception>
    internal static SealLogContent Parse(string path, ReadOnlySpan<byte> log)
    {
        var (state, seals) = (new SealLogState(), new SealReader());
        var whole = CheckedLog.Walk(path, log, "The tape still has the frames. Set the raw folder aside and derive it again.", json =>
        {
            var entry = seals.ReadEntry(json);
            RequireKnownSchema(path, entry);
            if (state.Fault(entry) is { } fault) throw new FormatException(fault);
            state.Apply(entry);
        });
        return new(state.Committed, state.Pending, whole) { State = state, Superseded = state.Superseded, LastId = state.LastId };
    }

    /// <summary>A range whose parts have another schema can't be read, and nothing may be derived behind it.</summary>
    private static void RequireKnownSchema(string path, SealLogEntry entry)
    {
        foreach (var file in (entry as SealEntry)?.Files ?? [])
            if (!file.Path.StartsWith(KnownFolder, StringComparison.Ordinal) && file.Path.Split('/') is ["raw", var version, ..] && version != RawSchema.Version)
                throw new UnknownVersionException($"{path}: entry {entry.Id}", $"parts of schema {version} ({file.Path})", $"schema {RawSchema.Version}");
    }
}
