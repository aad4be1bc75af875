using Tape.Derive.Sealing;
using Tape.Storage.Compaction;
using Tape.Storage.Seals;
using Tape.Tables.Compaction;

namespace Tape.Derive.Compaction;

/// <summary>
/// Does for finished days all that is due: first the file for research, then, once that is proven, the merging of the parts. Days one after the other, the
/// oldest first.
/// </summary>
/// <param name="merge">Puts a merged day in its place; null when its parts changed meanwhile.</param>
public sealed class DayMaker(IFiles files, string vault, DayCompactor compactor, CompactWriter writer, Func<DayMerge, MergeReport?> merge)
{
    /// <summary>Whether a finished day waits for anything. Takes no lock.</summary>
    /// <exception cref="DamagedException"><c>compact.log</c> is damaged.</exception>
    public static bool HasWork(IFiles files, string vault, SealLogContent seals)
    {
        var history = CompactHistory.Read(files, vault);
        return FinishedDays.Of(seals).Any(day => history.Find(day.Day)?.IsOf(day.Totals) != true || NeedsMerging(day));
    }

    /// <summary>Does it.</summary>
    /// <param name="only">Only this day; null for all.</param>
    /// <param name="progress">As in <see cref="DayCompactor.Compact"/>.</param>
    /// <returns>Days on which something was done.</returns>
    /// <exception cref="TapeException">A file could not be written, or RAW files do not hold what was sealed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two steps; what is committed stays.</exception>
    public int Run(SealLogContent seals, DateOnly? only, Action<int, int> progress, Action<CompactReport> compacted, Action<MergeReport> merged,
        CancellationToken cancel)
    {
        var done = 0;
        foreach (var day in FinishedDays.Of(seals).Where(day => only is null || day.Day == only))
        {
            cancel.ThrowIfCancellationRequested();
            var isDue = compactor.History.Find(day.Day)?.IsOf(day.Totals) != true;
            if (isDue) compacted(compactor.Compact(day, progress, cancel));
            if (NeedsMerging(day) && DayMerging.Prepare(files, vault, writer, day, cancel) is { } prepared)
            {
                if (merge(prepared) is { } report) merged(report);
                isDue = true;
            }

            if (isDue) done++;
        }

        return done;
    }

    private static bool NeedsMerging(RawDay day) => day.Files.Any(file => file.Except.Count > 0) || day.Files.Count > day.Totals.Count;
}
