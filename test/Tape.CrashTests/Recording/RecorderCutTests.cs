using System.Text.Json;
using Tape.Collect;
using Tape.Collect.Connections;
using Tape.Core.Errors;
using Tape.Core.Logging;
using Tape.Core.Net;
using Tape.Core.Values;
using Tape.Simulator.Binance;
using Tape.Simulator.Market;
using Tape.Simulator.Proof;
using Tape.TestKit.Files;
using Tape.Venues.Binance;
using Tape.Venues.Contract;
using Xunit.Abstractions;

namespace Tape.CrashTests.Recording;

/// <summary>
/// The real recorder against the simulator, on a disk that fails at the n-th operation, and every frame accounted for. Each trial takes seconds of real time
/// (a broken writer waits a second before it is opened again), so n is sampled by a printed seed instead of tried out.
/// </summary>
public sealed class RecorderCutTests(ITestOutputHelper output)
{
    private const long FramesAfterTheFault = 150;
    private static readonly TimeSpan TrialMax = TimeSpan.FromMinutes(2);

    /// <summary>Tests run beside each other in a debug build, where a recorder waits for the processor; the bench allows nothing.</summary>
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(Fault.Error)]
    [InlineData(Fault.ShortWrite)]
    [InlineData(Fault.Torn)]
    [InlineData(Fault.Crash)]
    [InlineData(Fault.DiskFull)]
    public async Task Every_frame_is_accounted_for_whatever_operation_of_the_recorder_fails(Fault fault)
    {
        var seed = Random.Shared.Next();
        var chance = new Random(seed);
        foreach (var number in new[] { chance.Next(8, 30), chance.Next(30, 120) })
        {
            using var root = new TemporaryFolder();
            var proof = await TryAsync(root, number, fault, seed);
            output.WriteLine($"{fault} at operation {number}, seed {seed}: {proof.Sent} sent, {proof.Stored} stored, {proof.Dropped} dropped, "
                + $"{proof.InKillWindows} in windows");
            Assert.True(proof.Unexplained == 0, $"{string.Join('\n', proof.Faults)}: {fault} at operation {number}, seed {seed}");
            Assert.True(proof.Stored > 0);
            if (fault is not (Fault.Crash or Fault.Torn)) Assert.Equal(proof.Sent, proof.Stored + proof.Dropped + proof.InConnectionEnds);
        }
    }

    private static async Task<ProofResult> TryAsync(TemporaryFolder root, int number, Fault fault, int seed)
    {
        Directory.CreateDirectory(root["vault"]);
        var files = new FaultyFiles(root.Path, seed);
        List<UnixNanos> cuts = [];
        files.WentDown = () => cuts.Add(UnixNanos.From(TimeProvider.System.GetUtcNow()));
        files.FailAt(number, fault);
        var simulator = await BinanceSimulator.StartAsync(new BinanceSimulatorOptions { Symbols = SymbolSpec.First(2), FramesPerSecond = 400, Seed = seed },
            TimeProvider.System, CancellationToken.None);
        var options = Options(root["vault"], simulator.Endpoint);
        if (!await RunAsync(options, files, number, seed))
        {
            files.Restart();
            Assert.True(await RunAsync(options, files, 0, seed), "a second fault, though one was scripted");
        }

        await simulator.DisposeAsync();
        return RecordingProof.Check(TestDisk.Files, options.TapeFolder, simulator.Journal.Connections, cuts, options.CommitInterval + Busy);
    }

    private static RecorderOptions Options(string vault, Uri endpoint) => new()
    {
        Vault = vault,
        Venues = [new VenueRequest(new BinanceVenue(), new SubscriptionRequest(["BTCUSDT", "ETHUSDT"], ["aggTrade", "bookTicker", "markPrice"], endpoint))],
    };

    /// <summary>Records until the fault was met and frames came after it, then stops in order.</summary>
    /// <returns>False when the power was cut, or when it could not start.</returns>
    private static async Task<bool> RunAsync(RecorderOptions options, FaultyFiles files, int number, int seed)
    {
        using var stop = new CancellationTokenSource();
        var recorder = new Recorder(options, files, new WebSocketDialer(new NetworkOptions(), TimeProvider.System), new NoLog(), TimeProvider.System,
            new Random(seed));
        try
        {
            var running = Task.Run(() => recorder.RunAsync(stop.Token));
            await StopAfterFaultAsync(recorder, files, number, running);
            await stop.CancelAsync();
            await running;
            return true;
        }
        catch (CrashException)
        {
            return false;
        }
        catch (TapeException fault) when (fault.InnerException is CrashException)
        {
            return false;
        }
        catch (Exception fault) when (fault is TapeException or IOException && recorder.Status is null)
        {
            // The tape could not even be opened: the recorder says so and ends, and its owner starts it again.
            return false;
        }
    }

    private static async Task StopAfterFaultAsync(Recorder recorder, FaultyFiles files, int number, Task running)
    {
        var began = TimeProvider.System.GetTimestamp();
        long? before = null;
        while (!running.IsCompleted && TimeProvider.System.GetElapsedTime(began) < TrialMax)
        {
            var status = recorder.Status;
            if (files.Operations >= number) before ??= status?.Frames ?? 0;
            if (before is not null) files.FreeSpace();
            if (before is { } frames && status?.Frames > frames + FramesAfterTheFault) return;
            await Task.WhenAny(running, Task.Delay(20));
        }
    }

    private sealed class NoLog : ILogSink
    {
        public void Write(ReadOnlySpan<byte> line)
        {
            // Nothing of the log is looked at here.
        }
    }
}
