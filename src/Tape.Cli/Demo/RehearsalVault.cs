using System.Diagnostics;
using Tape.Host.Configuration;
using Tape.Simulator.Binance;
using Tape.Simulator.Proof;
using Tape.Storage.Files;

namespace Tape.Cli.Demo;

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
    public static async Task<RehearsalVault> CreateAsync(string folder, BinanceSimulatorOptions options, IEnumerable<string> symbols, string sealInterval,
        CancellationToken cancel)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new TapeException($"{folder} is not empty; it was not touched.", "Name a new folder with --folder.");
        Directory.CreateDirectory(folder);
        var simulator = await BinanceSimulator.StartAsync(options, TimeProvider.System, cancel);
        var vault = new RehearsalVault(Path.GetFullPath(folder), simulator);
        await File.WriteAllTextAsync(vault.ConfigPath, ConfigTemplate.Write("./vault", symbols, simulator.Endpoint.ToString().TrimEnd('/')), cancel);
        vault.Configure(("interval: 60s", $"interval: {sealInterval}"), ("heartbeat: 30s", "heartbeat: 1s"));
        return vault;
    }

    /// <summary>Starts a recorder on the vault.</summary>
    public RecorderProcess StartRecorder() => RecorderProcess.Start(ConfigPath);

    /// <summary>Kills a recorder and remembers when.</summary>
    public async Task KillAsync(RecorderProcess recorder) => _kills.Add(await recorder.KillAsync());

    /// <summary>Kills the recorder of a supervisor and remembers when.</summary>
    public async Task KillAsync(Process recorder)
    {
        _kills.Add(UnixNanos.From(TimeProvider.System.GetUtcNow()));
        recorder.Kill();
        await recorder.WaitForExitAsync();
    }

    /// <summary>Changes lines of the configuration, for what starts from now on.</summary>
    /// <param name="changes">What stands there, and what is to stand there.</param>
    /// <exception cref="TapeException">It does not stand there.</exception>
    public void Configure(params (string From, string To)[] changes)
    {
        var config = File.ReadAllText(ConfigPath);
        foreach (var (from, to) in changes)
        {
            if (!config.Contains(from, StringComparison.Ordinal)) throw new TapeException($"{ConfigPath}: found no '{from}'");
            config = config.Replace(from, to, StringComparison.Ordinal);
        }

        File.WriteAllText(ConfigPath, config);
    }

    /// <summary>Stops the simulator and holds the tape against its journal.</summary>
    /// <param name="busy">What the machine may keep the recorder from its work beyond the usual allowance, before a kill; nothing in a measurement.</param>
    /// <param name="venue">Only what was recorded of this venue, in a vault that held something of another one before; null for all.</param>
    public async Task<ProofResult> ProveAsync(TimeSpan busy = default, string? venue = null)
    {
        await _simulator.DisposeAsync();
        return RecordingProof.Check(DiskFiles.Instance, Path.Combine(Vault, "tape"), _simulator.Journal.Connections, _kills, CommitInterval + busy, venue);
    }

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        _simulator.Journal.Dispose();
    }
}
