using System.Diagnostics;
using System.Text.Json;
using Tape.Bench.Crash;
using Tape.Cli.Demo;
using Tape.Host;
using Tape.Host.Processes;
using Tape.Simulator.Binance;
using Tape.Simulator.Market;
using Tape.TestKit.Files;
using Xunit.Abstractions;

namespace Tape.Bench.Tests.Crash;

/// <summary>Real recorder processes, really killed, against a simulator that knows what it sent. The bench does the same hundreds of times.</summary>
public sealed class RealKillTests(ITestOutputHelper output) : IDisposable
{
    private const int Kills = 5;

    /// <summary>Tests run beside each other in a debug build, where a recorder waits for the processor; the bench allows nothing.</summary>
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly TemporaryFolder _root = new(onDisk: true);

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task After_kills_anywhere_every_frame_is_accounted_for_and_every_row_is_proven()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var symbols = SymbolSpec.First(3);
        var options = new BinanceSimulatorOptions { Symbols = symbols, FramesPerSecond = 1500, Seed = seed };
        await using var rehearsal = await RehearsalVault.CreateAsync(_root["kills"], options, symbols.Select(symbol => symbol.Name), "1s",
            CancellationToken.None);
        var moment = new KillMoment(new Random(seed), Longest, TimeProvider.System);
        for (var kill = 0; kill < Kills; kill++)
        {
            using var recorder = rehearsal.StartRecorder();
            output.WriteLine($"{await moment.WaitAsync(rehearsal.Vault, CancellationToken.None)}");
            if (recorder.HasExited) recorder.ThrowUnlessOk();
            await rehearsal.KillAsync(recorder);
        }

        await RecordToTheEndAsync(rehearsal);
        var proof = await rehearsal.ProveAsync(Busy);
        output.WriteLine($"{proof.Sent} sent, {proof.Stored} stored, {proof.InKillWindows} in {proof.KillWindows.Count} windows");
        Assert.True(proof.Unexplained == 0, string.Join('\n', proof.Faults));
        Assert.True(proof.Stored > 500, $"only {proof.Stored} stored");
        Assert.Equal(proof.Sent, proof.Stored + proof.Dropped + proof.InKillWindows + proof.InConnectionEnds);

        using var sound = Sanity(rehearsal.Vault, ExitCode.Ok);
        Assert.Equal(sound.RootElement.GetProperty("rows").GetInt64(), sound.RootElement.GetProperty("rows_proven").GetInt64());
        Assert.Equal(proof.Stored, sound.RootElement.GetProperty("frames").GetInt64());
        DamageIsFound(rehearsal.Vault);
    }

    private static async Task RecordToTheEndAsync(RehearsalVault rehearsal)
    {
        using var last = rehearsal.StartRecorder();
        for (var waited = 0; waited < 360 && (last.Status?.Frames ?? 0) < 500; waited++) await Task.Delay(500);
        await last.StopAsync();
    }

    private static void DamageIsFound(string vault)
    {
        var part = Directory.EnumerateFiles(Path.Combine(vault, "raw"), "*.parquet", SearchOption.AllDirectories).First();
        File.Delete(part);
        using var damaged = Sanity(vault, ExitCode.Findings);
        Assert.False(damaged.RootElement.GetProperty("sound").GetBoolean());
        Assert.Contains(Path.GetFileName(part), Assert.Single(damaged.RootElement.GetProperty("findings").EnumerateArray()).GetString(),
            StringComparison.Ordinal);
    }

    /// <summary>Runs <c>tape sanity --deep --json</c> and holds it to its exit status and to the shape that scripts read.</summary>
    private static JsonDocument Sanity(string vault, int status)
    {
        var start = TapeProgram.Start();
        start.RedirectStandardOutput = true;
        foreach (var argument in new[] { "sanity", "--deep", "--json", "--vault", vault }) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var json = JsonDocument.Parse(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        Assert.Equal(status, process.ExitCode);
        var expected = new[]
        {
            "sound",
            "deep",
            "findings",
            "records",
            "first_seq",
            "frames",
            "connections",
            "runs",
            "recoveries",
            "clock_steps",
            "pauses",
            "dropped",
            "undecodable",
            "seals",
            "files",
            "rows",
            "tail_rows",
            "rows_proven",
            "streams",
            "downtimes",
            "jumps",
        };
        Assert.Equal(expected, json.RootElement.EnumerateObject().Select(property => property.Name));
        return json;
    }
}
