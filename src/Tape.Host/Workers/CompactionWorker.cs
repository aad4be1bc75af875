using Tape.Collect.Logging;
using Tape.Core.Errors;
using Tape.Core.Files;
using Tape.Derive.Compaction;
using Tape.Derive.Sealing;
using Tape.Host.Processes;
using Tape.Storage.Files;
using Tape.Storage.Seals;
using Tape.Tables.Compaction;

namespace Tape.Host.Workers;

/// <summary>
/// Makes the files of finished days beside recording and sealing, and folds their parts: on one thread of low priority, with bounded memory. Whatever happens
/// to it, recording and sealing go on.
/// </summary>
/// <param name="program">Who owns the files of finished days then, as a person would call it.</param>
/// <param name="folds">Where the sealer of this process looks for folded days.</param>
public sealed class CompactionWorker(string vault, IFiles files, MergeRequests folds, RecorderLog log, TimeProvider time, string program)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var failing = false;
        var seen = 0L;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                // The seal log says on every look whether a day is finished; it is read only when it has grown.
                if (SealLog.LengthOf(files, vault) is var length && length != seen)
                {
                    await Task.Factory.StartNew(() => Work(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                    seen = length;
                }

                failing = false;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is TapeException or IOException or UnauthorizedAccessException)
            {
                if (!failing) Tell(fault);
                failing = true;
            }

            await Task.Delay(LookEvery, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Work(CancellationToken stop)
    {
        LowPriority.OfThisThread();
        var seals = SealLog.Read(files, vault);
        if (!DayMaker.HasWork(files, vault, seals)) return;
        DurableFolder.Create(files, Path.Combine(vault, "tmp"));
        using var writer = CompactWriter.Open(files, CompactWriter.Limits(vault));
        using var compactor = DayCompactor.Open(files, vault, ThisProcess.Owner(program), writer);
        var maker = new DayMaker(files, vault, compactor, writer, fold => folds.AskAsync(fold, stop).GetAwaiter().GetResult());
        maker.Run(seals, null, (_, _) => { }, Tell, Tell, stop);
    }

    private void Tell(CompactReport made) => log.Event("info", "day_compacted", json =>
    {
        json.WriteString("day", made.Day.Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        json.WriteNumber("generation", made.Day.Generation);
        json.WriteNumber("raw_files", made.Day.RawFiles);
        json.WriteNumber("raw_rows", made.RawRows);
        json.WriteNumber("files", made.Day.Tables.Count);
        json.WriteNumber("rows", made.Rows);
        json.WriteNumber("duplicates", made.Duplicates);
        json.WriteNumber("bytes", made.Bytes);
    });

    private void Tell(MergeReport folded) => log.Event("info", "day_folded", json =>
    {
        json.WriteString("day", folded.Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        json.WriteNumber("files_before", folded.FilesBefore);
        json.WriteNumber("files_after", folded.FilesAfter);
        if (folded.FilesLeft > 0) json.WriteNumber("files_left", folded.FilesLeft);
    });

    private void Tell(Exception fault) => log.Event("error", "compaction_waits", json =>
    {
        json.WriteString("reason", fault.Message);
        json.WriteString("advice", (fault as TapeException)?.Hint ?? "Recording and sealing go on; finished days are tried again every minute.");
    });
}
