using Tape.Core.Errors;
using Tape.Core.Files;
using Tape.Derive.Gaps;
using Tape.Derive.Instruments;
using Tape.Derive.Rows;
using Tape.Derive.Sealing;
using Tape.Storage.Logs;
using Tape.Storage.Tables;

namespace Tape.Query;

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
        var seals = log.Committed;
        var (fromSeq, state) = TapeRange.After(seals);
        var deriver = RowDeriver.From(state);
        long endSeq;
        using (var reader = TapeReader.Open(files, TapeRange.Folder(vault), fromSeq))
        {
            while (reader.TryRead(out var record))
            {
                deriver.Take(record);
                if (deriver.Rows.Rows > TailRowsMax)
                    throw new TapeException($"More than {TailRowsMax} rows of the tape are not sealed yet (from record {fromSeq}).", "Run 'tape seal', then ask again.");
            }

            endSeq = reader.NextSeq;
        }

        var streams = seals.SelectMany(seal => seal.Streams).Concat(TapeRange.Statistics(deriver)).Where(range.Touches);
        return new VaultSnapshot(vault, [.. log.Files.Where(range.Touches)], deriver.Rows, SumStreams(streams))
        {
            Segments = () => TapeFolder.Segments(files, TapeRange.Folder(vault)),
            Gaps = () => GapReports.Read(files, vault, endSeq),
            Instruments = () => InstrumentHistory.Read(files, vault),
        };
    }

    /// <summary>Adds up the statistics of the same stream, in the order of (exchange, channel, symbol).</summary>
    public static IReadOnlyList<StreamStatistics> SumStreams(IEnumerable<StreamStatistics> streams) =>
    [
        .. streams
            .GroupBy(stream => (stream.Exchange, stream.Channel, stream.Symbol))
            .Select(group => group.Aggregate((sum, stream) => sum.Plus(stream)))
            .OrderBy(stream => stream.Exchange, StringComparer.Ordinal).ThenBy(stream => stream.Channel, StringComparer.Ordinal).ThenBy(stream => stream.Symbol, StringComparer.Ordinal),
    ];
}
