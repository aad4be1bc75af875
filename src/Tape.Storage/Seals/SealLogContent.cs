using Tape.Storage.Journal;
using Tape.Storage.Schema;
using Tape.Storage.Tapes;

namespace Tape.Storage.Seals;

/// <summary>What a seal log says. Seals of folded days may be in archives, which are read only when they are asked for.</summary>
/// <param name="Committed">Seals whose files are in place, in the order of the ranges; of each range the newest generation. Without those in archives; the last
/// one of all is always here.</param>
/// <param name="Pending">The last seal, when it is not committed: readers leave it out, recovery does it again.</param>
/// <param name="WholeBytes">Bytes of whole lines; what follows is a torn line.</param>
public sealed record SealLogContent(IReadOnlyList<SealEntry> Committed, SealEntry? Pending, long WholeBytes)
{
    /// <summary>What to do about a damaged seal log.</summary>
    public const string DamageHint =
        "Bring raw/seals.log back from a copy of the vault. Rows whose tape has expired are in the tables only: set the folder raw aside, to have all made "
            + "again, only where 'tape log ls' still begins with record 0, and keep it until then.";

    internal static readonly LineFormat<SealLogEntry> Format = new(DamageHint, SealJson.Default.SealLogEntry);

    private const string KnownFolder = $"raw/{RawSchema.Version}/";

    /// <summary>Replaced seals whose files may still be in the tables' folders; readers leave them out, recovery sets them aside.</summary>
    public IReadOnlyList<SupersededSeal> Superseded { get; init; } = [];

    /// <summary>The files that hold all sealed rows, each once.</summary>
    public IEnumerable<SealedFile> Files => State.Files;

    /// <summary>What stands for the seals in archives; null when there are none.</summary>
    public CheckpointEntry? Front => State.Front;

    /// <summary>What the streams brought: in archives in one sum, then range by range.</summary>
    public IEnumerable<StreamStatistics> Streams => (Front?.Streams ?? []).Concat(Committed.SelectMany(seal => seal.Streams));

    /// <summary>Committed seals, those in archives too: of the latter one archive is in memory at a time.</summary>
    /// <exception cref="DamagedException">An archive is missing or damaged.</exception>
    public IEnumerable<SealEntry> All => (Front?.Archives ?? []).SelectMany(In).Concat(Committed);

    /// <summary>The seals of an archive, with the files that hold their rows now.</summary>
    /// <exception cref="DamagedException">It is missing or damaged.</exception>
    public IEnumerable<SealEntry> In(SealArchive archive) => Archives!.Read(archive).Committed.Select(State.Placed);

    /// <summary>What stands for the seals before an archive.</summary>
    /// <exception cref="DamagedException">The archive is missing or damaged.</exception>
    public CheckpointEntry Before(SealArchive archive) => Archives!.Read(archive).Front!;

    /// <summary>
    /// Committed seals that hold records of a range, and at least the one before it, in which derivation ended; others may be there too. Only archives that
    /// touch the range are read.
    /// </summary>
    /// <exception cref="DamagedException">An archive is missing or damaged.</exception>
    public IReadOnlyList<SealEntry> Of(long fromSeq, long toSeqExcl) =>
        [.. (Front?.Archives ?? []).Where(archive => archive.ToSeqExcl >= fromSeq && archive.FromSeq < toSeqExcl).SelectMany(In), .. Committed];

    /// <summary>Where the rows of a part are, which the log once named: in it, or in the file that took its place since.</summary>
    public SealedFile PlaceOf(SealEntry seal, SealedFile part) =>
        Front is { } front && front.Tape == seal.Tape && seal.ToSeqExcl <= front.ToSeqExcl
            ? State.Placed(seal with { Files = [part] }).Files[0]
            : Committed.FirstOrDefault(now => now.Id == seal.Id)?.Files.FirstOrDefault(now => now.Path == part.Path) ?? part;

    /// <summary>Files that folds took the rows of and that may still be in the tables' folders; readers leave them out, recovery deletes them.</summary>
    public IReadOnlyList<OutOfUseParts> OutOfUse => State.OutOfUse;

    /// <summary>The highest number in use; 0 for an empty log.</summary>
    public long LastId { get; init; }

    internal SealLogState State { get; private init; } = new();

    internal LogEnd End { get; private init; }

    /// <summary>How far it has come, over all logs in whose place it is.</summary>
    public LogHead Head => HeadOf(State, End.Chain.Head);

    /// <summary>How far the other logs had come when this was last said.</summary>
    public VaultHeads Heads => State.Heads;

    private SealArchives? Archives { get; init; }

    /// <summary>
    /// Reads all lines. What a power cut may have left of the last write (any bytes, line feeds among them) is left out; a bad line before a whole one is
    /// damage.
    /// </summary>
    /// <param name="archives">Where seals may be that this log was relieved of; null for none.</param>
    /// <exception cref="UnknownVersionException">A newer program wrote a line.</exception>
    /// <exception cref="DamagedException">A line inside is not whole, or entries do not follow one another.</exception>
    internal static SealLogContent Parse(string path, ReadOnlySpan<byte> log, SealArchives? archives, LineFormat<SealLogEntry>? format = null,
        LogHead? expected = null)
    {
        var state = new SealLogState(archives);
        format ??= Format;
        var chain = CheckedLog.Watching(expected);
        var end = CheckedLog.Walk(path, log, format, json =>
        {
            var entry = format.Read(json);
            RequireKnownSchema(path, entry);
            if (state.Fault(entry) is { } fault) throw new FormatException(fault);
            state.Apply(entry);
            if (entry is CheckpointEntry front && expected is { } known) chain.Watch(known.Lines - front.LinesBefore);
        }, chain);
        // The front and the kept seals were written and synced as one file.
        if (state.KeptMissing > 0)
            throw new DamagedException($"{path}: found {state.Committed.Count} of {state.Committed.Count + state.KeptMissing} kept seals: its end is missing",
                format.Hint);
        return new(state.Committed, state.Pending, end.Bytes)
        {
            End = end,
            State = state,
            Archives = archives,
            Superseded = state.Superseded,
            LastId = state.LastId,
        };
    }

    /// <summary>How far a log has come, those in whose place it is counted in.</summary>
    internal static LogHead HeadOf(SealLogState state, LogHead own) => own with { Lines = Saturating.Add(state.LinesBefore, own.Lines) };

    /// <summary>
    /// What is missing from its end, by what is known of it elsewhere, as a sentence; null when nothing is. Where the tape still has the records, they are
    /// sealed again, and until then derived by readers.
    /// </summary>
    /// <exception cref="DamagedException">It is another log, or rows are lost whose tape has expired.</exception>
    internal string? Loss(IFiles files, string vault, LogHead? expected)
    {
        if (expected is not { } head || head.Lines <= State.LinesBefore || End.Chain.Watched == head.Chain) return null;
        var path = PartPath.SealLog(vault);
        if (Head.Lines >= head.Lines)
            throw new DamagedException($"{path}: line {head.Lines} has another chain than tape/segments.log says: it is another log", DamageHint);
        var sealedTo = Committed.Count == 0 ? 0 : Committed[^1].ToSeqExcl;
        var text = $"{path}: found {Head.Lines} lines, expected {head.Lines} or more, as tape/segments.log says: its end is missing";
        if (TapeFolder.FirstSeqOf(files, Path.Combine(vault, "tape")) is { } first && first <= sealedTo) return text;
        throw new DamagedException($"{text}, and the tape behind record {sealedTo} has expired", DamageHint);
    }

    /// <summary>A range whose parts have another schema can't be read, and nothing may be derived behind it.</summary>
    private static void RequireKnownSchema(string path, SealLogEntry entry)
    {
        foreach (var file in (entry as SealEntry)?.Files ?? [])
            if (file?.Path is not null && !file.Path.StartsWith(KnownFolder, StringComparison.Ordinal)
                && file.Path.Split('/') is ["raw", ['v', .. var digits] version, ..]
                && uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out _) && version != RawSchema.Version)
                throw new UnknownVersionException($"{path}: entry {entry.Id}", $"parts of schema {version} ({file.Path})", $"schema {RawSchema.Version}");
    }
}
