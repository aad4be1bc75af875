using System.Text.Json;
using Tape.Derive.Decoding;
using Tape.Derive.Rows;
using Tape.Storage.Files;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Storage.Tapes;
using Tape.Tables.Parts;
using Tape.Tables.Rows;

namespace Tape.Derive.Sealing;

/// <summary>
/// Makes a derived range visible as parts of all tables at once. Order: tape synced → parts written to <c>tmp/</c> and synced → seal announced →
/// parts renamed into place → folders synced → seal committed. Cut anywhere, the range is either invisible or announced; an announced one is done again
/// with the same names.
/// </summary>
internal sealed partial class SealStep(IFiles files, string vault, SealLog log, IPartWriter writer)
{
    private const string TemporaryPrefix = "seal-";

    private readonly string _temporary = Path.Combine(vault, "tmp");

    /// <summary>Removes what a cut run left in <c>tmp/</c>.</summary>
    public void Clean()
    {
        EntryPath.Confine(files, vault, "tmp");
        files.CreateFolder(_temporary);
        foreach (var name in files.ListFiles(_temporary))
            if (name.StartsWith(TemporaryPrefix, StringComparison.Ordinal)) files.Delete(Path.Combine(_temporary, name));
    }

    /// <summary>Seals a range that was not announced yet.</summary>
    public SealReport Seal(DerivedRange range, long tapeId, long fromSeq, long toSeqExcl)
    {
        var origin = new PartOrigin((ulong)tapeId, fromSeq, toSeqExcl, RowDeriver.DecoderVersion);
        TapeFolder.SyncThrough(files, TapeRange.Folder(vault), fromSeq, toSeqExcl);
        var parts = Write(range.Rows, origin);
        using var state = JsonDocument.Parse(range.State.ToJson());
        var entry = new FirstSealEntry(log.NextId, origin.TapeIdText, fromSeq, toSeqExcl, origin.DecoderVersion, [.. parts.Select(part => part.File)],
            range.Streams, state.RootElement.Clone())
        {
            Undecodable = range.Undecodable,
            Faults = FaultsOf(range),
        };
        log.AppendSeal(entry);
        Complete(entry, parts, null);
        return Report(entry, redone: false);
    }

    /// <summary>Does an announced seal again from the same range.</summary>
    public SealReport Redo(DerivedRange range, SealEntry pending)
    {
        if (pending.Decoder != RowDeriver.DecoderVersion)
            throw new DamagedException($"Seal {pending.Id} was announced by decoder version {pending.Decoder} and not completed; this program has version "
                + $"{RowDeriver.DecoderVersion}.", "Start the program that wrote it once, so that it completes the seal.");
        var parts = Write(range.Rows, new PartOrigin(Convert.ToUInt64(pending.Tape, 16), pending.FromSeq, pending.ToSeqExcl, pending.Decoder));
        foreach (var (part, announced) in parts.Zip(pending.Files))
            if (part.File.Path != announced.Path || part.File.Rows != announced.Rows || part.File.Hash != announced.Hash)
                throw new DamagedException($"Seal {pending.Id}, done again, gives {part.File.Path} with {part.File.Rows} rows and hash {part.File.Hash}; "
                    + $"announced were {announced.Path}, {announced.Rows} rows, {announced.Hash}.", "Run 'tape log verify'.");
        if (parts.Count != pending.Files.Count)
            throw new DamagedException($"Seal {pending.Id}, done again, gives {parts.Count} files; announced were {pending.Files.Count}.",
                "Run 'tape log verify'.");
        // The same rows may take other bytes, when the library that writes them was exchanged in between.
        var isSame = parts.Select(part => part.File).SequenceEqual(pending.Files);
        Complete(pending, parts, isSame ? null : [.. parts.Select(part => part.File)]);
        return Report(pending, redone: true);
    }

    private List<WrittenPart> Write(RowSet rows, in PartOrigin origin)
    {
        var written = new List<WrittenPart>();
        foreach (var buffer in rows.Buffers)
        {
            foreach (var part in buffer.Split())
            {
                var temporary = Path.Combine(_temporary, $"{TemporaryPrefix}{origin.TapeIdText}-{origin.FromSeq}-{written.Count}.parquet");
                var file = writer.Write(buffer, part, origin, temporary);
                var path = PartPath.Of(buffer.Table, part.Venue, part.Day, origin);
                written.Add(new(temporary, new SealedFile(buffer.Table.Name, part.Venue, part.Day, path, file.Rows, file.Bytes, file.Hash.ToString(),
                    part.ReceivedMin, part.ReceivedMax)
                {
                    Checksum = PartChecksum.Of(files, temporary),
                    Layout = RawSchema.Layout,
                }));
            }
        }

        return written;
    }

    private void Complete(SealEntry entry, List<WrittenPart> parts, IReadOnlyList<SealedFile>? changed)
    {
        foreach (var part in parts)
        {
            var path = EntryPath.Confine(files, vault, part.File.Path);
            var folder = Path.GetDirectoryName(path)!;
            DurableFolder.Create(files, folder);
            files.Move(part.Temporary, path, overwrite: true);
            files.SyncFolder(folder);
        }

        log.AppendCommit(entry.Id, changed);
    }

    private static SealReport Report(SealEntry entry, bool redone) =>
        new(entry.FromSeq, entry.ToSeqExcl, entry.Files.SaturatingSum(file => file.Rows), entry.Files.Count, entry.Files.SaturatingSum(file => file.Bytes),
            entry.Undecodable,
            redone);

    private readonly record struct WrittenPart(string Temporary, SealedFile File);
}
