using Tape.Collect.Connections;
using Tape.Core.Files;
using Tape.Core.Net;
using Tape.Simulator.Binance;
using Tape.Simulator.Proof;
using Tape.Simulator.Serving;
using Tape.Storage.Files;
using Tape.TestKit.Files;
using Tape.TestKit.Logging;
using Tape.TestKit.Time;
using Tape.Venues.Contract;

namespace Tape.Collect.Tests.Support;

/// <summary>A whole recorder on a vault of its own, against a simulator, for as long as a test takes.</summary>
public abstract class RecorderHarness : IAsyncLifetime, IDisposable
{
    private protected TemporaryFolder Folder { get; } = new();

    private protected LogLines Log { get; } = new();

    private protected CancellationTokenSource StopSource { get; } = new();

    private protected VenueSimulator? Simulator { get; private set; }

    private protected Recorder? Recorder { get; set; }

    /// <summary>How the recorder reaches the simulator; directly unless a test says otherwise.</summary>
    private protected NetworkOptions Network { get; set; } = new();

    private protected Task Running { get; set; } = Task.CompletedTask;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await StopSource.CancelAsync();
        await Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Simulator is not null) await Simulator.DisposeAsync();
    }

    public void Dispose()
    {
        StopSource.Dispose();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected string TapeFolder => Folder["vault", "tape"];

    /// <summary>Starts both. The recorder asks for two symbols with all channels that always speak.</summary>
    private protected async Task StartAsync(BinanceSimulatorOptions simulator, IFiles? files = null, Func<RecorderOptions, RecorderOptions>? change = null,
        IVenue? venue = null)
    {
        Simulator = await BinanceSimulator.StartAsync(simulator, TimeProvider.System, CancellationToken.None);
        Recorder = Create(files ?? DiskFiles.Instance, change ?? (options => options), venue);
        Running = Recorder.RunAsync(StopSource.Token);
    }

    /// <summary>Starts a recorder of a venue against a simulator that runs.</summary>
    private protected void Start(VenueSimulator simulator, IVenue venue, IReadOnlyList<string> symbols, IReadOnlyList<string> channels)
    {
        Simulator = simulator;
        Recorder = Create(DiskFiles.Instance, options => options, new VenueRequest(venue, new SubscriptionRequest(symbols, channels, simulator.Endpoint)));
        Running = Recorder.RunAsync(StopSource.Token);
    }

    private protected Recorder Create(IFiles files, Func<RecorderOptions, RecorderOptions> change, IVenue? venue = null) =>
        Create(files, change, new VenueRequest(venue ?? StorageLoopRig.Venue,
            new SubscriptionRequest(["BTCUSDT", "ETHUSDT"], ["aggTrade", "bookTicker", "markPrice", "depth"], Simulator!.Endpoint)));

    /// <summary>A recorder on another vault.</summary>
    private protected Recorder Create(string vault, VenueRequest request) => Create(DiskFiles.Instance, options => options with { Vault = vault }, request);

    private Recorder Create(IFiles files, Func<RecorderOptions, RecorderOptions> change, VenueRequest request)
    {
        var options = new RecorderOptions { Vault = Folder["vault"], Venues = [request], Heartbeat = TimeSpan.FromSeconds(1) };
        return new Recorder(change(options), files, new WebSocketDialer(Network, TimeProvider.System), Log, TimeProvider.System, new Random(1));
    }

    /// <summary>Stops both and holds the tape against the journal.</summary>
    private protected async Task<ProofResult> ProveAsync()
    {
        await StopSource.CancelAsync();
        await Running;
        await Simulator!.DisposeAsync();
        return RecordingProof.Check(DiskFiles.Instance, TapeFolder, Simulator.Journal.Connections, [], TimeSpan.Zero);
    }

    private protected async Task UntilAsync(Func<bool> holds, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            if (Running.IsCompleted) await Running;
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience.Max, $"did not happen: {what}; the status is {Recorder?.Status}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }
    }
}
