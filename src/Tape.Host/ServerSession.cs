using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Tape.Api;
using Tape.Api.Live;
using Tape.Collect.Logging;
using Tape.Core.Logging;
using Tape.Derive.Sealing;
using Tape.Host.Configuration;
using Tape.Host.Logging;
using Tape.Host.Queries;
using Tape.Host.Workers;
using Tape.Storage.Files;
using Tape.Storage.Vaults;

namespace Tape.Host;

/// <summary>
/// The second process of a vault: makes tables of the tape, keeps it in bounds, and answers. It shares nothing with the recorder but the vault.
/// </summary>
public sealed class ServerSession(TapeConfig config, ILogSink sink, TimeProvider time)
{
    private const string Program = "tape serve";

    private readonly ILogger _log = new JsonLogger(sink, time);

    /// <summary>Works until cancelled; then seals the rest.</summary>
    /// <param name="started">Hears on which port it answers.</param>
    /// <exception cref="OwnedElsewhereException">Another server has the vault.</exception>
    /// <exception cref="TapeException">The port or the token can't be used.</exception>
    public async Task RunAsync(Action<int> started, CancellationToken stop)
    {
        var (files, vault) = (DiskFiles.Instance, config.Recorder.Vault);
        if (SealedTape.RequireUnlessDamaged(files, vault) is { } damage)
            _log.Event(LogLevel.Error, "vault_damaged", json =>
            {
                json.WriteString("reason", damage.Message);
                json.WriteString("advice", $"Recording goes on; tables wait, and what can be read is answered. {damage.Hint}");
            });
        var follower = new VaultFollower(files, vault, time, config.AlignBooks) { GapsRead = new GapLog(_log).Take };
        var figures = new ServerMetrics();
        var environment = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        await using var server = await ApiServer.StartAsync(config.Api with { Environment = environment }, vault, files, time, follower, figures,
            new QueryRunner(vault), TellFault, new JsonLoggerProvider(_log));
        _log.ServerStart(vault, $"http://127.0.0.1:{server.Port}", Environment.ProcessId);
        started(server.Port);
        await Task.WhenAll(
            new SealingWorker(config, files, _log, time, Program).RunAsync(seal => figures.CountSeal(seal.ToSeqExcl, seal.Rows), stop),
            Task.Run(() => follower.RunAsync(stop), CancellationToken.None),
            Task.Run(() => new StateWorker(follower, _log, time).RunAsync(stop), CancellationToken.None),
            Task.Run(() => new BookAlignmentWorker(config, follower, _log, time).RunAsync(stop), CancellationToken.None));
        _log.ServerStop(figures.Requests);
    }

    /// <summary>A server makes no vault: where the vault's disk is away, a folder in its place would lie below it when it is back.</summary>
    /// <exception cref="TapeException">There is none.</exception>
    public static void RequireVault(string vault)
    {
        VaultMarker.Require(DiskFiles.Instance, vault);
    }

    private void TellFault(string path, Exception fault) => _log.ApiFault(path, $"{fault.GetType().Name}: {fault.Message}");
}
