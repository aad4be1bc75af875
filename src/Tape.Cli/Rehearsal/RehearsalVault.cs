using Tape.Cli.Configuration;
using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Simulator.Binance;
using Tape.Simulator.Proof;
using Tape.Storage.Files;

namespace Tape.Cli.Rehearsal;

/// <summary>
/// A folder with a configuration and a vault, a simulator that serves it, and the list of kills: what a demo and a crash bench share.
/// The recorder seals every few seconds, so that kills meet sealing too.
/// </summary>
internal sealed class RehearsalVault : IAsyncDisposable
{
    private static readonly TimeSpan CommitInterval = TimeSpan.FromMilliseconds(10);

    private readonly BinanceSimulator _simulator;
    private readonly List<UnixNanos> _kills = [];

    private RehearsalVault(string folder, BinanceSimulator simulator) => (Folder, _simulator) = (folder, simulator);

    public string Folder { get; }

    public string Vault => Path.Combine(Folder, "vault");

    public string ConfigPath => Path.Combine(Folder, "tape.yaml");

    public BinanceSimulator Simulator => _simulator;

    /// <summary>When the recorder was killed.</summary>
    public IReadOnlyList<UnixNanos> Kills => _kills;

    /// <summary>Starts a simulator and prepares a new folder.</summary>
    /// <exception cref="TapeException">The folder is there already.</exception>
    public static async Task<RehearsalVault> CreateAsync(string folder, BinanceSimulatorOptions options, IEnumerable<string> symbols, string sealInterval, CancellationToken cancel)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()) throw new TapeException($"{folder} is not empty; it was not touched.", "Name a new folder with --folder.");
        Directory.CreateDirectory(folder);
        var simulator = await BinanceSimulator.StartAsync(options, TimeProvider.System, cancel);
        var vault = new RehearsalVault(Path.GetFullPath(folder), simulator);
        var config = ConfigTemplate.Write("./vault", symbols, simulator.Endpoint.ToString().TrimEnd('/'))
            .Replace("interval: 60s", $"interval: {sealInterval}", StringComparison.Ordinal)
            .Replace("heartbeat: 30s", "heartbeat: 1s", StringComparison.Ordinal);
        await File.WriteAllTextAsync(vault.ConfigPath, config, cancel);
        return vault;
    }

    /// <summary>Starts a recorder on the vault.</summary>
    public RecorderProcess StartRecorder() => RecorderProcess.Start(ConfigPath);

    /// <summary>Kills a recorder and remembers when.</summary>
    public async Task KillAsync(RecorderProcess recorder) => _kills.Add(await recorder.KillAsync());

    /// <summary>Stops the simulator and holds the tape against its journal.</summary>
    /// <param name="busy">What the machine may keep the recorder from its work beyond the usual allowance, before a kill; nothing in a measurement.</param>
    public async Task<ProofResult> ProveAsync(TimeSpan busy = default)
    {
        await _simulator.DisposeAsync();
        return RecordingProof.Check(DiskFiles.Instance, Path.Combine(Vault, "tape"), _simulator.Journal.Connections, _kills, CommitInterval + busy);
    }

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        _simulator.Journal.Dispose();
    }
}
