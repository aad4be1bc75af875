using Tape.Derive.Rows;
using Tape.Derive.Sealing;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Seals;
using Tape.Tables.DuckDb;
using Tape.Tables.Parts;
using Tape.Venues.Contract;

namespace Tape.Derive.Rederivation;

/// <summary>
/// Derives sealed ranges again: to prove them, or to replace those that other decoders made or whose rows differ. Each range is replaced as a whole: readers
/// see all its old rows, then all its new ones. Cut anywhere, every range is old or new, and running it again goes on.
/// </summary>
public static class Rederiver
{
    /// <summary>Derives every sealed range again and compares rows and files. Takes no lock and changes nothing; may run beside the recorder.</summary>
    /// <param name="told">Called for each range in the order of the tape.</param>
    /// <exception cref="TapeException">The seal log or the tape is damaged or no longer whole, or the native library is missing.</exception>
    public static void Verify(IFiles files, string vault, UnixNanos? from, Func<string, IVenue?> venues, string version, Action<RangeReport> told,
        CancellationToken cancel)
    {
        var ranges = SealedRanges.From(files, vault, from, venues);
        using var parts = new SealedFiles(files, vault);
        foreach (var (seal, deriver) in ranges.Derive(cancel))
        {
            var report = new RangeReport(seal, PartsOf(SealComparison.Differences(seal, deriver)), deriver.Undecodable, seal.Decoder != version)
            {
                FileFaults = parts.Faults(seal),
            };
            var wasReplaced = report.FileFaults.Count > 0 && !SealLog.Read(files, vault).Of(seal.FromSeq, seal.ToSeqExcl).Any(now => now.Id == seal.Id);
            if (!wasReplaced) told(report);
        }
    }

    /// <summary>Replaces the ranges from a time on that decoders of another version made or whose rows differ, with a Parquet writer of its own.</summary>
    /// <exception cref="TapeException">As the other overload, whose parameters these are.</exception>
    public static void Replace(IFiles files, string vault, UnixNanos? from, Func<string, IVenue?> venues, string version, OwnerInfo owner,
        Action<RangeReport> told, CancellationToken cancel)
    {
        var temporary = Path.Combine(vault, "tmp");
        DurableFolder.Create(files, temporary);
        using var writer = PartWriter.Open(files, new DuckDbOptions(SpillFolder: temporary));
        Replace(files, vault, from, venues, version, owner, writer, told, cancel);
    }

    /// <summary>Replaces the ranges from a time on that decoders of another version made or whose rows differ.</summary>
    /// <param name="from">A range that may hold records of this time or later is looked at; null for all.</param>
    /// <param name="version">Version of the decoders behind <paramref name="venues"/>.</param>
    /// <param name="owner">Who writes, for the message to others who want to.</param>
    /// <param name="writer">Writes the parts; stays the caller's.</param>
    /// <param name="told">Called for each range in the order of the tape, once it is done.</param>
    /// <param name="cancel">Ends it between two ranges; what is replaced stays replaced.</param>
    /// <exception cref="OwnedElsewhereException">A recorder or another derivation seals this vault.</exception>
    /// <exception cref="TapeException">Newer decoders made a range; the tape is no longer whole; writing failed.</exception>
    public static void Replace(
        IFiles files, string vault, UnixNanos? from, Func<string, IVenue?> venues, string version, OwnerInfo owner, IPartWriter writer,
            Action<RangeReport> told, CancellationToken cancel)
    {
        using var log = SealLog.Open(files, vault, owner);
        var step = new SealStep(files, vault, log, writer);
        step.Clean();
        GenerationRecovery.Run(files, vault, log, version);
        var ranges = SealedRanges.From(files, vault, from, venues);
        RefuseNewer(ranges.Seals, version);
        using var parts = new SealedFiles(files, vault);
        foreach (var (seal, deriver) in ranges.Derive(cancel)) told(ReplaceOne(files, vault, log, step, parts, seal, deriver, version));
    }

    private static RangeReport ReplaceOne(IFiles files, string vault, SealLog log, SealStep step, SealedFiles parts, SealEntry seal, RowDeriver deriver,
        string version)
    {
        var isOlder = seal.Decoder != version;
        if (!isOlder)
        {
            var report = new RangeReport(seal, PartsOf(SealComparison.Differences(seal, deriver)), deriver.Undecodable, isOlder)
            {
                FileFaults = parts.Faults(seal),
            };
            if (report.IsSame) return report;
        }

        log.Reopen(seal.FromSeq);
        var next = step.Supersede(DerivedRange.Of(deriver), seal, version);
        var left = GenerationRecovery.SetAside(files, vault, log, log.Superseded.Single(old => old.By == next.Id));
        return new RangeReport(seal, SealComparison.Differences(seal, next), deriver.Undecodable, isOlder) { Replacement = next, FilesLeft = left };
    }

    private static IReadOnlyList<PartDifference> PartsOf(IEnumerable<SealDifference> differences) =>
        [.. differences.Select(difference => difference.Part).OfType<PartDifference>()];

    private static void RefuseNewer(IEnumerable<SealEntry> seals, string version)
    {
        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var own)) return;
        foreach (var seal in seals)
            if (int.TryParse(seal.Decoder, NumberStyles.None, CultureInfo.InvariantCulture, out var other) && other > own)
                throw new TapeException($"records {seal.FromSeq}..{seal.ToSeqExcl - 1} were derived by decoders of version {other}; this program has version "
                    + $"{own}", "Use the newer program. Nothing was changed.");
    }
}
