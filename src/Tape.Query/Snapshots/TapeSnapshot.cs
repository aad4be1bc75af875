using Tape.Candles.Files;
using Tape.Candles.Quality;
using Tape.Derive.Decoding;
using Tape.Derive.Gaps;
using Tape.Derive.Instruments;
using Tape.Derive.Rows;
using Tape.Derive.Sealing;
using Tape.Storage.Answers;
using Tape.Storage.Compaction;
using Tape.Storage.Files;
using Tape.Storage.Seals;
using Tape.Storage.Tapes;

namespace Tape.Query.Snapshots;

/// <summary>
/// Takes snapshots of a vault that may be recorded at the same time: first the list of seals, then the tape from their end to its present end.
/// Nothing is seen twice or missed, because sealed parts never change and the tape only grows. Takes no locks.
/// </summary>
public static class TapeSnapshot
{
    /// <summary>Rows of the unsealed tail that are held in memory; sealing keeps it far below.</summary>
    public const int TailRowsMax = 8_000_000;

    /// <param name="range">Parts that can't hold rows of it are left out. The tail is whole: the query narrows it.</param>
    /// <exception cref="TapeException">Too much of the tape is not sealed.</exception>
    /// <exception cref="DamagedException">The seal log or the tape is damaged.</exception>
    public static VaultSnapshot Take(IFiles files, string vault, QueryRange range)
    {
        var log = SealLog.Read(files, vault);
        var (fromSeq, state) = TapeRange.After(log.Committed);
        var deriver = RowDeriver.From(state);
        long endSeq;
        using (var reader = TapeReader.Open(files, TapeRange.Folder(vault), fromSeq))
        {
            while (reader.TryRead(out var record))
            {
                deriver.Take(record);
                if (deriver.Rows.Rows > TailRowsMax)
                    throw new TapeException($"More than {TailRowsMax} rows of the tape are not sealed yet (from record {fromSeq}).",
                        "Run 'tape seal', then ask again.");
            }

            endSeq = reader.NextSeq;
        }

        var tail = deriver.Statistics();
        SealedFile[] parts = [.. log.Files.Where(range.Touches)];
        EntryPath.ConfineAll(files, vault, parts.Select(file => file.Path));
        return new VaultSnapshot(vault, parts, deriver.Rows,
            () => StreamStatistics.Sum(Streams(log, range).Concat(tail).Where(range.Touches)))
        {
            FindFinished = () =>
            {
                var finished = Finished(CompactHistory.ReadWhole(files, vault));
                EntryPath.ConfineAll(files, vault, finished.Select(file => file.Path));
                return finished;
            },
            FindCandles = () => DayFileList.Read(files, vault),
            CandleFindings = takesDay => StoredFindings.Read(files, vault, takesDay),
            EmptyMinutes = takesDay => EmptyMinutes.ReadAll(files, vault, takesDay),
            Segments = () => TapeFolder.Segments(files, TapeRange.Folder(vault)),
            Gaps = () => GapReports.Read(files, vault, endSeq),
            Instruments = () =>
            {
                AnswersLog.RequireWhole(files, vault);
                return InstrumentHistory.Read(files, vault);
            },
        };
    }

    private static IReadOnlyList<SealedFile> Finished(CompactHistory history) =>
    [
        .. history.Days.SelectMany(day => day.Tables.Select(made => new SealedFile(
            made.Raw.Table, made.Raw.Venue, day.Day, made.Path, made.Rows, made.Bytes, made.Hash, RawDay.EndOf(day.Day.AddDays(-1)).Value,
                RawDay.EndOf(day.Day).Value - 1) { Checksum = made.Checksum, Layout = made.Layout })),
    ];

    /// <summary>What sealed ranges brought. For a range of time it takes single seals, so that archives which touch it are read; else their sum does.</summary>
    private static IEnumerable<StreamStatistics> Streams(SealLogContent log, QueryRange range) => range == default
        ? log.Streams
        : (log.Front?.Archives ?? []).Where(archive => archive.ReceivedMin is not { } min || archive.ReceivedMax is not { } max || range.Touches(min, max))
            .SelectMany(log.In)
            .Concat(log.Committed).SelectMany(seal => seal.Streams);
}
