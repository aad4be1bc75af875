using Microsoft.Extensions.Logging;
using Tape.Derive.Gaps;
using Tape.Derive.Sealing;
using Tape.Host.Candles;
using Tape.Host.Configuration;
using Tape.Host.Logging;
using Tape.Host.Processes;
using Tape.Venues;

namespace Tape.Host.Workers;

/// <summary>
/// What makes tables of the tape and keeps it in bounds, beside a recorder in the same process or in another. It reads the tape as any reader does, and
/// whatever happens to it, recording goes on.
/// </summary>
/// <param name="program">Who owns seals and retention then, as a person would call it.</param>
public sealed class SealingWorker(TapeConfig config, IFiles files, ILogger log, TimeProvider time, string program)
{
    private readonly MergeRequests _merges = new();

    private readonly Worker _worker = new("sealing", TimeSpan.FromSeconds(5), "Recording goes on; sealing is tried again every 5 s.", log, time);

    /// <summary>Works until cancelled; then seals the rest.</summary>
    /// <param name="told">Hears of every seal.</param>
    public Task RunAsync(Action<SealReport> told, CancellationToken stop)
    {
        var sealing = Task.Run(() => _worker.RunAsync(beside => SealAsync(told, beside), stop), CancellationToken.None);
        return Task.WhenAll(
            sealing,
            Task.Run(() => new CandleWorker(config, files, log, time, program).RunAsync(sealing, stop), CancellationToken.None),
            Task.Run(() => new BackfillWorker(config, files, log, time, program).RunAsync(stop), CancellationToken.None),
            Task.Run(() => new RetentionWorker(config, files, log, time, program).RunAsync(stop), CancellationToken.None),
            Task.Run(() => new CompactionWorker(config.Recorder.Vault, files, _merges, log, time, program).RunAsync(stop), CancellationToken.None));
    }

    private async Task SealAsync(Action<SealReport> told, CancellationToken stop)
    {
        using var sealer = await OpenSealerAsync();
        _worker.Succeeded();
        await sealer.RunAsync(seal =>
        {
            Tell(seal);
            told(seal);
        }, stop);
    }

    /// <summary>
    /// On a thread of its own: opening loads the native library and may do a seal again, and no socket should wait for a pool thread meanwhile.
    /// </summary>
    private Task<Sealer> OpenSealerAsync() => Task.Factory.StartNew(OpenSealer, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private Sealer OpenSealer()
    {
        VaultPresence.Require(files, config.Recorder);
        var sealer = Sealer.Open(files, config.Recorder.Vault, config.Seal, VenueCatalog.Find, time, ThisProcess.Owner(program));
        sealer.Merges = _merges;
        return sealer;
    }

    private void Tell(SealReport seal)
    {
        log.Sealed(seal.FromSeq, seal.ToSeqExcl, seal.Rows, seal.Files, seal.Undecodable);
        foreach (var loss in seal.Losses)
            log.LogLost(loss, "Sealing goes on. What can be derived is derived again by itself; what can't is refused to readers: 'tape sanity' lists it.");
        if (seal.LedgerRebuilt is { } damage)
            log.GapLedgerRebuilt(damage, $"It was made again from what is on the tape, with what could be read of the time before. The damaged one is beside "
                + $"it, with "
                + $"'{GapRebuild.SetAside}' behind its name.");
        if (seal.LedgerFault is { } fault)
            log.GapLedgerWaits(fault, "Sealing goes on, and the tape does not expire meanwhile; the ledger is tried again with each seal. A damaged one: "
                + "'tape gaps --rebuild' while nothing seals.");
    }
}
