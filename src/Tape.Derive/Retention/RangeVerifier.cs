using Tape.Derive.Decoding;
using Tape.Derive.Rederivation;
using Tape.Derive.Rows;
using Tape.Derive.Sealing;
using Tape.Storage.Files;
using Tape.Storage.Retention;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Storage.Segments;
using Tape.Storage.Tapes;
using Tape.Venues.Contract;

namespace Tape.Derive.Retention;

/// <summary>
/// Verifies seals by deriving their records again, by the rules that made them, and by comparing the checksums of their parts. Holds the rows of one seal
/// in memory. Takes no lock. Not thread-safe.
/// </summary>
/// <param name="venues">Finds a venue by name; null for an unknown one.</param>
public sealed class RangeVerifier(IFiles files, string vault, Func<string, IVenue?> venues) : IRangeVerifier
{
    private const int RestEveryRecords = 4096;

    private readonly SealedPlaces _places = new(files, vault);

    public string DecoderVersion => RowDeriver.DecoderVersion;

    public async Task<RangeVerdict> VerifyAsync(SealEntry seal, SealEntry? before, IReadOnlyList<long> cuts, UndecodableTaker undecodable, Pace pace,
        CancellationToken cancel)
    {
        if (RowDeriver.RulesOf(seal.Decoder) is not { } rules)
            return Fault($"seal {seal.Id} was made by decoder version {seal.Decoder}, and this program has version {DecoderVersion}");
        foreach (var file in seal.Files)
        {
            if (_places.FaultOf(seal, file, FaultOf) is { } fault) return Fault($"seal {seal.Id}: {fault}");
            await pace.RestAsync(cancel).ConfigureAwait(false);
        }

        var deriver = new RowDeriver(before is null ? DerivationState.Start : TapeRange.StateAfter(before), venues) { Rules = rules };
        var undecodables = new long[cuts.Count + 1];
        using (var reader = TapeReader.Open(files, TapeRange.Folder(vault), seal.FromSeq))
        {
            for (var piece = 0; Take(reader, deriver, seal, cuts, ref piece, undecodables, undecodable);) await pace.RestAsync(cancel).ConfigureAwait(false);
            if (reader.NextSeq < seal.ToSeqExcl) return Fault($"the tape ends at record {reader.NextSeq}, inside of seal {seal.Id}");
        }
        return SealComparison.Differences(seal, deriver) is [var first, ..]
            ? Fault($"seal {seal.Id}: derived again, {first.Text}") : new(null, Pieces(deriver, seal, cuts, undecodables));
    }

    /// <summary>Takes the next few records; false when the seal's last one was taken, or the tape ends.</summary>
    private static bool Take(TapeReader reader, RowDeriver deriver, SealEntry seal, IReadOnlyList<long> cuts, ref int piece, long[] undecodables,
        UndecodableTaker undecodable)
    {
        for (var count = 0; count < RestEveryRecords; count++)
        {
            if (reader.NextSeq >= seal.ToSeqExcl || !reader.TryRead(out var record)) return false;
            while (piece < cuts.Count && record.Seq >= cuts[piece]) piece++;
            var faults = deriver.Undecodable;
            deriver.Take(record);
            if (deriver.Undecodable == faults) continue;
            undecodables[piece]++;
            undecodable(record, deriver.LastFault);
        }
        return true;
    }

    private static List<RangeRows> Pieces(RowDeriver deriver, SealEntry seal, IReadOnlyList<long> cuts, long[] undecodables)
    {
        var pieces = new List<RangeRows>();
        for (var piece = 0; piece <= cuts.Count; piece++)
        {
            var (from, to) = (piece == 0 ? seal.FromSeq : cuts[piece - 1], piece == cuts.Count ? seal.ToSeqExcl : cuts[piece]);
            var tables = deriver.Rows.Buffers.Select(buffer => (buffer.Table.Name, Sum: buffer.Sum(from, to))).Where(table => table.Sum.Rows > 0);
            pieces.Add(new RangeRows([], undecodables[piece])
                + new RangeRows([.. tables.Select(table => new TableRows(table.Name, table.Sum.Rows, table.Sum.Hash.ToString()))], 0));
        }
        return pieces;
    }

    /// <summary>The part must hold, byte for byte, what was sealed: it is all that stays when the tape is gone.</summary>
    private string? FaultOf(SealedFile file)
    {
        if (EntryPath.Refusal(files, vault, file.Path) is { } refused) return refused.Message;
        var path = EntryPath.Absolute(vault, file.Path);
        if (!files.FileExists(path)) return $"{file.Path} is missing";
        if (files.FileLength(path) is var bytes && bytes != file.Bytes) return $"{file.Path} has {bytes} bytes, expected {file.Bytes}";
        return file.Checksum is { } expected && PartChecksum.Of(files, path) is var checksum && checksum != expected
            ? $"{file.Path} has checksum {checksum}, expected {expected}" : null;
    }

    private static RangeVerdict Fault(string text) => new(text, []);
}
