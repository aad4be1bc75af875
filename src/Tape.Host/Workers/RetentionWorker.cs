using Microsoft.Extensions.Logging;
using Tape.Collect.Logging;
using Tape.Derive.Retention;
using Tape.Host.Configuration;
using Tape.Host.Processes;
using Tape.Storage.Retention;
using Tape.Venues;

namespace Tape.Host.Workers;

/// <summary>Keeps the tape beside recording and sealing: compresses and expires. Whatever happens to it, recording and sealing go on.</summary>
public sealed class RetentionWorker(TapeConfig config, IFiles files, ILogger log, TimeProvider time, string program)
{
    /// <summary>Of the disk, what the tape may take when the configuration names no size.</summary>
    private const double ShareOfDisk = 0.2;

    private readonly Worker _worker = new("tape_keeping", TimeSpan.FromSeconds(30),
        "Recording and sealing go on; keeping the tape is tried again every 30 s.", log, time);

    /// <summary>Runs until cancelled.</summary>
    public Task RunAsync(CancellationToken stop)
    {
        var rules = Rules();
        log.Event(LogLevel.Information, "tape_keeping", json =>
        {
            json.WriteString("keep", Units.Show(rules.Keep));
            if (rules.KeepBytes is { } bytes) json.WriteNumber("keep_bytes", bytes);
            json.WriteString("rule", "older or larger, the oldest part of the tape is deleted once it is sealed and verified; tables stay");
        });
        return _worker.RunAsync(beside => KeepAsync(rules, beside), stop);
    }

    private async Task KeepAsync(ExpiryRules rules, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        VaultPresence.Require(files, config.Recorder);
        using var keeper = TapeRetention.Open(files, config.Recorder.Vault, rules, new RangeVerifier(files, config.Recorder.Vault, VenueCatalog.Find),
            time, new Pace(time), ThisProcess.Owner(program));
        _worker.Succeeded();
        await keeper.RunAsync(Tell, stop);
    }

    private ExpiryRules Rules() =>
        config.Keep.KeepBytes is null && DiskSize.Of(config.Recorder.Vault) is { } disk
            ? config.Keep with { KeepBytes = (long)(disk * ShareOfDisk) } : config.Keep;

    private void Tell(RetentionEvent told) =>
        log.Event(told.Act == RetentionAct.Hindered ? LogLevel.Warning : LogLevel.Information, $"tape_{told.Act.ToString().ToLowerInvariant()}", json =>
    {
        json.WriteNumber("first_seq", told.FirstSeq);
        if (told.Bytes != 0) json.WriteNumber("bytes", told.Bytes);
        json.WriteString("text", told.Text);
    });
}
