using Tape.Cli.Demo;
using Tape.Simulator.Binance;
using Tape.Simulator.Market;
using Tape.TestKit.Files;
using Tape.TestKit.Processes;
using Tape.TestKit.Time;

namespace Tape.Cli.Tests.Proof;

/// <summary>A simulator and a folder in which real recorder processes can be started on it.</summary>
internal sealed class RunningVault : IAsyncDisposable
{
    private readonly TemporaryFolder _root;

    private RunningVault(RehearsalVault rehearsal, TemporaryFolder root) => (Rehearsal, _root) = (rehearsal, root);

    public RehearsalVault Rehearsal { get; }

    public string Root => _root.Path;

    public string Vault => Rehearsal.Vault;

    public static async Task<RunningVault> CreateAsync()
    {
        var root = new TemporaryFolder(onDisk: true);
        var symbols = SymbolSpec.First(2);
        var rehearsal = await RehearsalVault.CreateAsync(root["run"], new BinanceSimulatorOptions { Symbols = symbols, FramesPerSecond = 500, Seed = 5 },
            symbols.Select(symbol => symbol.Name), "1s", CancellationToken.None);
        return new(rehearsal, root);
    }

    /// <summary>Starts a recorder and waits until it has stored something.</summary>
    public async Task<RecorderProcess> StartAsync(long frames = 200)
    {
        var recorder = Rehearsal.StartRecorder();
        await UntilAsync(recorder, () => recorder.Status?.Frames >= frames, $"{frames} frames");
        return recorder;
    }

    /// <summary>Waits for something to hold while a recorder runs; <see cref="Patience"/> at most.</summary>
    public static async Task UntilAsync(RecorderProcess recorder, Func<bool> holds, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            if (recorder.HasExited) recorder.ThrowUnlessOk();
            if (TimeProvider.System.GetElapsedTime(began) > Patience.Max)
                throw new TimeoutException($"did not happen: {what}; the status is {recorder.Status}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Runs another tape process in the folder of the configuration.</summary>
    public (int Status, string Output, string Error) Tape(params string[] arguments) => TapeProcess.Run(Rehearsal.Folder, "", arguments);

    public async ValueTask DisposeAsync()
    {
        await Rehearsal.DisposeAsync();
        _root.Dispose();
    }
}
