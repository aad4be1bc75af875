using Tape.Collect.Logging;
using Tape.Core.Errors;
using Tape.Core.Files;
using Tape.Derive.Retention;
using Tape.Host.Configuration;
using Tape.Host.Processes;
using Tape.Storage.Retention;
using Tape.Venues;

namespace Tape.Host.Workers;

/// <summary>Keeps the tape beside recording and sealing: compresses and expires. Whatever happens to it, recording and sealing go on.</summary>
public sealed class RetentionWorker(TapeConfig config, IFiles files, RecorderLog log, TimeProvider time, string program)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(30);

    /// <summary>Of the disk, what the tape may take when the configuration names no size.</summary>
    private const double ShareOfDisk = 0.2;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var rules = Rules();
        log.Event("info", "tape_keeping", json =>
        {
            json.WriteString("keep", Units.Show(rules.Keep));
            if (rules.KeepBytes is { } bytes) json.WriteNumber("keep_bytes", bytes);
            json.WriteString("rule", "older or larger, the oldest part of the tape is deleted once it is sealed and verified; tables stay");
        });
        var failing = false;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                VaultPresence.Require(files, config.Recorder);
                using var keeper = TapeRetention.Open(files, config.Recorder.Vault, rules, new RangeVerifier(files, config.Recorder.Vault, VenueCatalog.Find),
                    time, new Pace(time), ThisProcess.Owner(program));
                failing = false;
                await keeper.RunAsync(Tell, stop);
            }
            catch (Exception fault) when (fault is TapeException or IOException or UnauthorizedAccessException)
            {
                if (!failing) Tell(fault);
                failing = true;
            }

            await Task.Delay(Retry, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private ExpiryRules Rules() =>
        config.Keep.KeepBytes is null && DiskSize.Of(config.Recorder.Vault) is { } disk
            ? config.Keep with { KeepBytes = (long)(disk * ShareOfDisk) } : config.Keep;

    private void Tell(RetentionEvent told) =>
        log.Event(told.Act == RetentionAct.Hindered ? "warning" : "info", $"tape_{told.Act.ToString().ToLowerInvariant()}", json =>
    {
        json.WriteNumber("first_seq", told.FirstSeq);
        if (told.Bytes != 0) json.WriteNumber("bytes", told.Bytes);
        json.WriteString("text", told.Text);
    });

    private void Tell(Exception fault) => log.Event("error", "tape_keeping_waits", json =>
    {
        json.WriteString("reason", fault.Message);
        json.WriteString("advice", (fault as TapeException)?.Hint ?? "Recording and sealing go on; keeping the tape is tried again every 30 s.");
    });
}
