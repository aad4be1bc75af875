using System.Security.Cryptography;
using Tape.Collect;
using Tape.Collect.Connections;
using Tape.Collect.Health;
using Tape.Collect.Logging;
using Tape.Core.Logging;
using Tape.Derive.Sealing;
using Tape.Host.Alerts;
using Tape.Host.Configuration;
using Tape.Host.Processes;
using Tape.Host.Workers;
using Tape.Storage.Files;

namespace Tape.Host;

/// <summary>
/// A recorder with the sealing beside it, in one process. They share nothing but the vault: sealing reads the tape as any reader does,
/// and whatever happens to it, recording goes on.
/// </summary>
public sealed class RecordingSession : IDisposable
{
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
        var sources = new VenueSources(config, new JsonLogger(log, time), files, time, new Random(chance.Next()));
        try
        {
            config = config with { Recorder = config.Recorder with { Venues = await sources.ResolveAsync(cancel) } };
            var recorder = new Recorder(config.Recorder, files, new WebSocketDialer(config.Recorder.Network, time), log, time, chance);
            FileHandles.Require(config.Recorder.Venues.Sum(venue => venue.Venue.Plan(venue.Request).Count));
            return new RecordingSession(config, files, time, sources, recorder);
        }
        catch
        {
            sources.Dispose();
            throw;
        }
    }

    public RecorderStatus? Status => _recorder.Status;

    /// <summary>Only records, until cancelled: another process or a later one seals and expires.</summary>
    /// <param name="isSupervised">Also asks the venues for their lists and the time, as no other process does, and leaves alerts to the supervisor.</param>
    public Task RecordAsync(bool isSupervised, CancellationToken stop) =>
        RecordAsync(beside => isSupervised ? SourcesAsync(beside) : Task.CompletedTask, !isSupervised, stop);

    /// <summary>Records and seals until cancelled; then stores and seals the rest.</summary>
    public Task RunAsync(CancellationToken stop) => RecordAsync(
        beside => Task.WhenAll(
            new SealingWorker(_config, _files, _recorder.Log.Logger, _time, "tape collect").RunAsync(_ => { }, beside), SourcesAsync(beside)),
        withAlerts: true, stop);

    /// <param name="beside">Begun once the tape is open, cancelled once it is closed.</param>
    private async Task RecordAsync(Func<CancellationToken, Task> beside, bool withAlerts, CancellationToken stop)
    {
        VaultMarking.Ensure(_config.Recorder.Vault);
        // The recorder itself tells of a damaged seal log when it opens the tape.
        SealedTape.RequireUnlessDamaged(_files, _config.Recorder.Vault);
        using var ending = new CancellationTokenSource();
        using var alerts = !withAlerts ? null : AlertDispatcher.Open(_config.Alerts, _config.Recorder, _recorder.Log.Logger, _time);
        if (alerts is not null) _recorder.StateChanged = alerts.Take;
        // Opens the tape before it first waits: a vault with another owner is reported once, and nothing is begun beside it.
        var recording = _recorder.RunAsync(stop);
        if (recording.IsFaulted) await recording;
        var work = beside(ending.Token);
        try
        {
            await recording;
        }
        finally
        {
            await ending.CancelAsync();
            await work;
        }
    }

    private Task SourcesAsync(CancellationToken stop) => Task.Run(() => _sources.RunAsync(_recorder.TakeClockOffset, stop), CancellationToken.None);

    public void Dispose() => _sources.Dispose();
}
