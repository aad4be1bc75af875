using System.Text.Json;
using Tape.Bench.Ingest;
using Tape.Derive.Decoding;
using Tape.Derive.Rows;
using Tape.Host.Processes;
using Tape.Storage.Files;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.DuckDb;
using Tape.Tables.Parts;
using Tape.Tables.Rows;
using Tape.Venues;

namespace Tape.Bench.Days;

/// <summary>
/// Brings the days of a tape into the vault as they are after many seals and a merge: a line for each seal, one file for each table. The parts
/// in between, which no reader would see any more, are never written.
/// </summary>
/// <param name="sealsADay">Seals of each day.</param>
/// <param name="shortens">Whether the seal log is shortened after each day, as the sealer does.</param>
internal sealed class MergedDays(string vault, int sealsADay, bool shortens) : IDisposable
{
    private readonly IFiles _files = new UnsyncedFiles(DiskFiles.Instance);
    private readonly SealLog _log = SealLog.Open(new UnsyncedFiles(DiskFiles.Instance), vault, ThisProcess.Owner("tape-bench query"));
    private readonly PartWriter _writer = PartWriter.Open(DiskFiles.Instance, new DuckDbOptions());
    private DerivationState _state = DerivationState.Start;

    /// <summary>Derives and merges the next day.</summary>
    /// <param name="start">When it begins, nanoseconds since the epoch.</param>
    /// <param name="toSeqExcl">Record after its last one.</param>
    public void Add(long tapeId, long start, long fromSeq, long toSeqExcl)
    {
        var range = DerivedRange.Derive(_files, vault, fromSeq, toSeqExcl, _state, VenueCatalog.Find);
        _state = range.State;
        var folds = range.Rows.Buffers.SelectMany(buffer => buffer.Split()
            .Select(part => (Buffer: buffer, File: Fold(buffer, part, new PartOrigin((ulong)tapeId, fromSeq, toSeqExcl, RowDeriver.DecoderVersion))))).ToList();
        for (var number = 0; number < sealsADay; number++)
            Seal(range.Streams, folds, tapeId, start, fromSeq + (toSeqExcl - fromSeq) * number / sealsADay,
                fromSeq + (toSeqExcl - fromSeq) * (number + 1) / sealsADay, number);
        var id = _log.NextId;
        _log.AppendMerge(new MergeEntry(id, Text(tapeId), fromSeq, toSeqExcl, RowDeriver.DecoderVersion, [.. folds.Select(fold => fold.File)], [], null));
        _log.AppendCommit(id);
        _log.AppendArchived(id);
        if (shortens) _log.Shorten();
    }

    public void Dispose()
    {
        _writer.Dispose();
        _log.Dispose();
    }

    private static string Text(long tapeId) => tapeId.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    private SealedFile Fold(RowBuffer buffer, PartRows part, in PartOrigin origin)
    {
        var parts = PartPath.Of(buffer.Table, part.Venue, part.Day, origin);
        var path = $"{parts[..(parts.LastIndexOf('/') + 1)]}{PartPath.MergedPrefix}0.parquet";
        var absolute = EntryPath.Absolute(vault, path);
        DurableFolder.Create(_files, Path.GetDirectoryName(absolute)!);
        var file = _writer.Write(buffer, part, origin, absolute);
        return new SealedFile(buffer.Table.Name, part.Venue, part.Day, path, file.Rows, file.Bytes, file.Hash.ToString(), part.ReceivedMin, part.ReceivedMax)
        {
            Layout = RawSchema.Layout,
        };
    }

    private void Seal(IReadOnlyList<StreamStatistics> brought, List<(RowBuffer Buffer, SealedFile File)> folds, long tapeId, long start,
        long fromSeq, long toSeqExcl, int number)
    {
        var (min, max) = (start + UnixNanos.PerDay * number / sealsADay, start + UnixNanos.PerDay * (number + 1) / sealsADay - 1);
        var origin = new PartOrigin((ulong)tapeId, fromSeq, toSeqExcl, RowDeriver.DecoderVersion);
        var parts = new List<SealedFile>();
        foreach (var (buffer, file) in folds)
        {
            var (rows, hash) = buffer.Sum(fromSeq, toSeqExcl);
            if (rows > 0)
                parts.Add(file with
                {
                    Path = PartPath.Of(buffer.Table, file.Venue, file.Day, origin),
                    Rows = rows,
                    Bytes = file.Bytes / sealsADay,
                    Hash = hash.ToString(),
                    ReceivedMin = min,
                    ReceivedMax = max
                });
        }

        var streams = brought
            .Select(stream => stream with { Frames = stream.Frames / sealsADay, Rows = stream.Rows / sealsADay, FirstReceived = min, LastReceived = max });
        using var state = JsonDocument.Parse(_state.ToJson());
        var entry = new FirstSealEntry(_log.NextId, Text(tapeId), fromSeq, toSeqExcl, RowDeriver.DecoderVersion, parts, [.. streams],
            state.RootElement.Clone());
        _log.AppendSeal(entry);
        _log.AppendCommit(entry.Id);
    }
}
