using System.IO.Compression;
using Tape.Storage.Files;
using Tape.Storage.Journal;

namespace Tape.Storage.Seals;

/// <summary>
/// The files in <c>raw/seals/</c>, each a shortened log of its own under Brotli: a front with what was before it, then its seals. They are written whole and
/// never change; the log's front says which of them count.
/// </summary>
internal sealed class SealArchives(IFiles files, string vault)
{
    /// <summary>Bytes of lines from which on the next archive is begun.</summary>
    private const int LinesBytesMax = 16 << 20;

    /// <summary>Lines of more bytes are not ours.</summary>
    private const int ReadBytesMax = 1 << 30;

    /// <summary>Where they are, relative to the vault.</summary>
    public const string Folder = $"{FolderPath}/";

    /// <summary>How their names end.</summary>
    public const string Extension = ".log.br";

    private static readonly LineFormat<SealLogEntry> Format = new(
        "Rows and questions do not need it. Deriving or verifying its ranges does, and so does the expiry of their tape: bring the file back from a copy.",
        SealJson.Default.SealLogEntry);

    private const string FolderPath = "raw/seals";

    private readonly string _folder = EntryPath.Absolute(vault, FolderPath);

    /// <summary>Reads an archive: what was before it, and its seals as they were written.</summary>
    /// <exception cref="DamagedException">It is missing, or not what was written.</exception>
    public SealLogContent Read(SealArchive archive)
    {
        var path = EntryPath.Confine(files, vault, archive.Path);
        if (!files.FileExists(path))
            throw new DamagedException($"{path} is missing: it lists the seals of records {archive.FromSeq}..{archive.ToSeqExcl - 1}", Format.Hint);
        var lines = Unpack(path);
        var content = SealLogContent.Parse(path, lines, null, Format);
        var isWhole = content.WholeBytes == lines.Length && content.Front is not null && content.Committed.Count == archive.Seals
            && content.Committed[0].FromSeq == archive.FromSeq && content.Committed[^1].ToSeqExcl == archive.ToSeqExcl;
        return isWhole ? content : throw new DamagedException(
            $"{path}: found {content.Committed.Count} seals, expected {archive.Seals} for records {archive.FromSeq}..{archive.ToSeqExcl - 1}", Format.Hint);
    }

    /// <summary>Writes seals into as many archives as they need; durable when this returns.</summary>
    /// <param name="before">What was before them.</param>
    /// <returns>The front behind them, without the log's files and kept seals.</returns>
    public CheckpointEntry Write(CheckpointEntry before, IEnumerable<SealEntry> seals)
    {
        EntryPath.Confine(files, vault, FolderPath);
        DurableFolder.Create(files, _folder);
        var (front, chunk, lines) = (before, new List<SealEntry>(), new MemoryStream());
        foreach (var seal in seals)
        {
            chunk.Add(seal);
            lines.Write(LineOf(RetainedEntry.Of(seal, seal.Files)));
            if (lines.Length >= LinesBytesMax) End();
        }

        if (chunk.Count > 0) End();
        files.SyncFolder(_folder);
        return front;

        void End()
        {
            front = After(front, chunk, WriteFile(front, chunk, lines));
            chunk.Clear();
            lines.SetLength(0);
        }
    }

    /// <summary>Deletes what a cut run left, and what the log does not name any more since it was shortened again.</summary>
    public void DeleteStrays(IReadOnlyList<SealArchive> named)
    {
        EntryPath.Confine(files, vault, FolderPath);
        var names = named.Select(archive => archive.Path[(archive.Path.LastIndexOf('/') + 1)..]).ToHashSet(StringComparer.Ordinal);
        foreach (var name in files.ListFiles(_folder))
            if (!names.Contains(name)) InUse.TryDelete(files, Path.Combine(_folder, name));
    }

    private static byte[] LineOf(SealLogEntry entry) => CheckedLine.Write(Format.Write(entry));

    private SealArchive WriteFile(CheckpointEntry before, List<SealEntry> seals, MemoryStream lines)
    {
        var path = $"{Folder}{before.Id}-{seals[0].FromSeq}-{seals[^1].ToSeqExcl - 1}{Extension}";
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            brotli.Write(LineOf(before with { Archives = [], Files = [], Kept = seals.Count }));
            brotli.Write(lines.GetBuffer().AsSpan(0, (int)lines.Length));
        }

        var absolute = EntryPath.Absolute(vault, path);
        using (var file = files.Open(absolute + ".new", FileUse.Replace))
        {
            file.Write(0, packed.GetBuffer().AsSpan(0, (int)packed.Length));
            file.Sync();
        }

        files.Move(absolute + ".new", absolute, overwrite: true);
        var times = seals.SelectMany(seal => seal.Streams).ToList();
        return new(path, seals[0].FromSeq, seals[^1].ToSeqExcl, seals.Count, packed.Length, times.Min(stream => stream.FirstReceived),
            times.Max(stream => stream.LastReceived));
    }

    private static CheckpointEntry After(CheckpointEntry before, List<SealEntry> seals, SealArchive archive) => before with
    {
        Tape = seals[^1].Tape,
        ToSeqExcl = archive.ToSeqExcl,
        Archives = [.. before.Archives, archive],
        Streams = StreamStatistics.Sum(before.Streams.Concat(seals.SelectMany(seal => seal.Streams))),
        State = seals[^1].State,
        Seals = before.Seals + seals.Count,
        Undecodable = Saturating.Add(before.Undecodable, seals.SaturatingSum(seal => seal.Undecodable)),
    };

    private byte[] Unpack(string path)
    {
        using var file = files.Open(path, FileUse.Read);
        var packed = new byte[checked((int)file.Length)];
        using var brotli = new BrotliStream(new MemoryStream(packed, 0, file.Read(0, packed)), CompressionMode.Decompress);
        var (lines, buffer) = (new MemoryStream(), new byte[1 << 16]);
        try
        {
            while (brotli.Read(buffer) is var read and > 0)
            {
                lines.Write(buffer, 0, read);
                if (lines.Length > ReadBytesMax) throw new InvalidDataException($"more than {ReadBytesMax} bytes of lines");
            }
        }
        catch (Exception fault) when (fault is InvalidDataException or InvalidOperationException)
        {
            throw new DamagedException($"{path}: found no whole Brotli stream of seals: {fault.Message}", Format.Hint, fault);
        }

        return lines.ToArray();
    }
}
