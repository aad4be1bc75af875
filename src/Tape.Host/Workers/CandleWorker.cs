using Microsoft.Extensions.Logging;
using Tape.Candles.Pipeline;
using Tape.Collect.Logging;
using Tape.Derive.Decoding;
using Tape.Host.Configuration;
using Tape.Host.Processes;
using Tape.Storage.Files;
using Tape.Storage.Seals;
using Tape.Tables.Candles;
using Tape.Tables.DuckDb;
using Tape.Venues;

namespace Tape.Host.Workers;

/// <summary>
/// Makes candles behind sealing: reads the tape as any reader does, up to the end of the last seal, since what lies before is durable. It has a reader and a
/// thread of its own: whatever happens to it, recording and sealing go on.
/// </summary>
/// <param name="program">Who owns the candles then, as a person would call it.</param>
public sealed class CandleWorker(TapeConfig config, IFiles files, ILogger log, TimeProvider time, string program)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly string _vault = config.Recorder.Vault;
    private readonly HashSet<string> _failing = [];
    private long _seen;
    private long _sealed;

    /// <summary>Works until cancelled.</summary>
    /// <param name="sealing">Ends when nothing is sealed any more: then the rest is made.</param>
    public Task RunAsync(Task sealing, CancellationToken stop)
    {
        var worker = new Worker("candles", TimeSpan.FromSeconds(5), "Recording and sealing go on; candles are tried again every 5 s.", log, time);
        return worker.RunAsync(beside => FollowAsync(worker, sealing, beside), stop);
    }

    private async Task FollowAsync(Worker worker, Task sealing, CancellationToken stop)
    {
        VaultPresence.Require(files, config.Recorder);
        using var parquet = OpenParquet();
        using var pipeline = Open(parquet);
        while (!stop.IsCancellationRequested)
        {
            await AdvanceAsync(pipeline, all: false, stop);
            worker.Succeeded();
            await Task.Delay(LookEvery, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await sealing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await AdvanceAsync(pipeline, all: true, CancellationToken.None);
    }

    /// <summary>On a thread of its own: a backlog is work of seconds or minutes.</summary>
    private Task AdvanceAsync(CandlePipeline pipeline, bool all, CancellationToken stop) => Task.Factory.StartNew(
        () => pipeline.Advance(SealedTo(), Tell, all, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private CandleParquet OpenParquet()
    {
        var temporary = Path.Combine(_vault, "tmp");
        DurableFolder.Create(files, temporary);
        return CandleParquet.Open(files, new DuckDbOptions(MemoryBytes: 128L << 20, SpillFolder: temporary));
    }

    private CandlePipeline Open(CandleParquet parquet) => CandlePipeline.Open(files, _vault, VenueCatalog.Find,
        new ContractSizes(files, _vault, VenueCatalog.Find, time).Of, parquet, config.Candles, time, ThisProcess.Owner(program));

    /// <summary>The seal log is read only when it has grown or become another.</summary>
    private long SealedTo()
    {
        var length = SealLog.LengthOf(files, _vault);
        if (length != _seen) (_sealed, _seen) = (TapeRange.After(SealLog.Read(files, _vault).Committed).FromSeq, length);
        return _sealed;
    }

    private void Tell(CandleReport report)
    {
        log.Event(LogLevel.Information, "candles", json =>
        {
            json.WriteNumber("to_seq_excl", report.NextSeq);
            json.WriteNumber("candles", report.Candles);
            json.WriteNumber("files", report.Files);
            json.WriteNumber("findings", report.Findings);
        });
        foreach (var (day, path, reason) in report.SetAside)
            LogWarning("candle_file_damaged", day.ToString(), reason, $"It is kept as {path}; what the tape has of that day was derived again.");
        foreach (var day in report.Rebuilt)
            LogWarning("candle_day_derived_again", day.ToString(), "the day file was not as it was left", "Nothing; what the tape has of that day is in it.");
        foreach (var (day, reason) in report.Failed)
            if (_failing.Add(day.ToString()))
                LogWarning("candle_file_waits", day.ToString(), reason, "Its candles wait in memory and are tried again; other symbols go on.");
        _failing.IntersectWith(report.Failed.Select(failed => failed.Day.ToString()));
        if (report.Fault is { } fault) LogWarning("candle_state_waits", "quality", fault, "Candles go on; it is tried again with the next ones.");
    }

    private void LogWarning(string name, string what, string reason, string advice) => log.Event(LogLevel.Warning, name, json =>
    {
        json.WriteString("what", what);
        json.WriteString("reason", reason);
        json.WriteString("advice", advice);
    });
}
