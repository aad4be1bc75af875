using System.Security.Cryptography;
using Tape.Cli.Configuration;
using Tape.Collect;
using Tape.Collect.Connections;
using Tape.Collect.Health;
using Tape.Collect.Logging;
using Tape.Core.Errors;
using Tape.Core.Files;
using Tape.Derive.Sealing;
using Tape.Storage.Files;
using Tape.Venues;

namespace Tape.Cli.Recording;

/// <summary>
/// A recorder with the sealing beside it, in one process. They share nothing but the vault: sealing reads the tape as any reader does,
/// and whatever happens to it, recording goes on.
/// </summary>
internal sealed class RecordingSession : IDisposable
{
    private static readonly TimeSpan SealRetry = TimeSpan.FromSeconds(5);

    private readonly TapeConfig _config;
    private readonly IFiles _files;
    private readonly TimeProvider _time;
    private readonly VenueSources _sources;
    private readonly Recorder _recorder;

    private RecordingSession(TapeConfig config, IFiles files, TimeProvider time, VenueSources sources, Recorder recorder) =>
        (_config, _files, _time, _sources, _recorder) = (config, files, time, sources, recorder);

    /// <summary>Finds out what to record: symbols that are given by pattern need the venue's list, or an earlier one.</summary>
    /// <exception cref="TapeException">It can't be found out, or a venue does not take it.</exception>
    public static async Task<RecordingSession> OpenAsync(TapeConfig config, ILogSink log, CancellationToken cancel)
    {
        var (files, time, chance) = (new DiskFiles(), TimeProvider.System, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));
        var sources = new VenueSources(config, new RecorderLog(log, time), files, time, new Random(chance.Next()));
        try
        {
            config = config with { Recorder = config.Recorder with { Venues = await sources.ResolveAsync(cancel) } };
            return new RecordingSession(config, files, time, sources, new Recorder(config.Recorder, files, new WebSocketDialer(config.Recorder.Network, time), log, time, chance));
        }
        catch
        {
            sources.Dispose();
            throw;
        }
    }

    public RecorderStatus? Status => _recorder.Status;

    /// <summary>Only records, until cancelled: another process or a later one seals and expires.</summary>
    public Task RecordAsync(CancellationToken stop)
    {
        SealedTape.Require(_files, _config.Recorder.Vault);
        return _recorder.RunAsync(stop);
    }

    /// <summary>Records and seals until cancelled; then stores and seals the rest.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        SealedTape.Require(_files, _config.Recorder.Vault);
        using var sealing = new CancellationTokenSource();
        // Opens the tape before it first waits: a vault that is somebody else's is told once, and sealing is not begun.
        var recording = _recorder.RunAsync(stop);
        if (recording.IsFaulted) await recording;
        var sealer = Task.Run(() => SealAsync(sealing.Token), CancellationToken.None);
        var keeper = Task.Run(() => new TapeKeeping(_config, _files, _recorder.Log, _time).RunAsync(sealing.Token), CancellationToken.None);
        var sources = Task.Run(() => _sources.RunAsync(_recorder.TakeClockOffset, sealing.Token), CancellationToken.None);
        try
        {
            await recording;
        }
        finally
        {
            await sealing.CancelAsync();
            await Task.WhenAll(sealer, keeper, sources);
        }
    }

    public void Dispose() => _sources.Dispose();

    private async Task SealAsync(CancellationToken stop)
    {
        var failing = false;
        while (true)
        {
            try
            {
                using var sealer = await OpenSealerAsync();
                failing = false;
                await sealer.RunAsync(seal => _recorder.Log.Event("info", "sealed", json =>
                {
                    json.WriteNumber("from_seq", seal.FromSeq);
                    json.WriteNumber("to_seq", seal.ToSeqExcl);
                    json.WriteNumber("rows", seal.Rows);
                    json.WriteNumber("files", seal.Files);
                    json.WriteNumber("undecodable", seal.Undecodable);
                }), stop);
                return;
            }
            catch (Exception fault) when (fault is TapeException or IOException or UnauthorizedAccessException)
            {
                if (!failing) Tell(fault);
                failing = true;
            }

            if (stop.IsCancellationRequested) return;
            await Task.Delay(SealRetry, _time, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            if (stop.IsCancellationRequested) return;
        }
    }

    /// <summary>On a thread of its own: opening loads the native library and may do a seal again, and no socket should wait for a pool thread meanwhile.</summary>
    private Task<Sealer> OpenSealerAsync() => Task.Factory.StartNew(OpenSealer, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private Sealer OpenSealer()
    {
        VaultThere.Require(_files, _config.Recorder);
        return Sealer.Open(_files, _config.Recorder.Vault, _config.Seal, VenueCatalog.Find, _time, ThisProcess.Owner("tape collect"));
    }

    private void Tell(Exception fault) => _recorder.Log.Event("error", "sealing_waits", json =>
    {
        json.WriteString("reason", fault.Message);
        json.WriteString("advice", (fault as TapeException)?.Hint ?? "Recording goes on; sealing is tried again every 5 s.");
    });
}
