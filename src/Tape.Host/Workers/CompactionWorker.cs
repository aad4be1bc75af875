using Microsoft.Extensions.Logging;
using Tape.Collect.Logging;
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
public sealed class CompactionWorker(string vault, IFiles files, MergeRequests folds, ILogger log, TimeProvider time, string program)
{
    private long _seen;

    /// <summary>Runs until cancelled.</summary>
    public Task RunAsync(CancellationToken stop) =>
        new Worker("compaction", TimeSpan.FromMinutes(1), "Recording and sealing go on; finished days are tried again every minute.", log, time)
            .RunAsync(LookAsync, stop);

    /// <summary>The seal log says on every look whether a day is finished; it is read only when it has grown.</summary>
    private async Task LookAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var length = SealLog.LengthOf(files, vault);
        if (length == _seen) return;
        await Task.Factory.StartNew(() => Work(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _seen = length;
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

    private void Tell(CompactReport made) => log.Event(LogLevel.Information, "day_compacted", json =>
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

    private void Tell(MergeReport folded) => log.Event(LogLevel.Information, "day_folded", json =>
    {
        json.WriteString("day", folded.Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        json.WriteNumber("files_before", folded.FilesBefore);
        json.WriteNumber("files_after", folded.FilesAfter);
        if (folded.FilesLeft > 0) json.WriteNumber("files_left", folded.FilesLeft);
    });
}
