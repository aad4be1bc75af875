using System.CommandLine;
using System.Text.Json;
using Tape.Cli.Commands;
using Tape.Cli.Rehearsal;
using Tape.Core.Errors;
using Tape.Query.Sanity;
using Tape.Simulator.Binance;
using Tape.Simulator.Market;
using Tape.Simulator.Proof;

namespace Tape.Cli.Bench;

/// <summary><c>tape bench crash</c>: kills a real recorder at random instants, over and over on one vault, and accounts for every frame.</summary>
internal static class CrashBench
{
    private static readonly TimeSpan LastRun = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var runs = new Option<int>("--runs") { Description = "How often to start and kill.", DefaultValueFactory = _ => 200 };
        runs.Validators.Add(result => { if (result.GetValueOrDefault<int>() is < 1 or > 100_000) result.AddError("--runs is between 1 and 100000."); });
        var seed = new Option<int>("--seed") { Description = "Seed of the instants and of the market.", DefaultValueFactory = _ => 1 };
        var rate = new Option<double>("--rate") { Description = "Frames a second.", DefaultValueFactory = _ => 3000 };
        var longest = new Option<double>("--longest") { Description = "Seconds from start to kill at most; most instants are spread evenly below, some are aimed at the start and at seals.", DefaultValueFactory = _ => 2.5 };
        var folder = new Option<string?>("--folder") { Description = "Keep the data in this new folder (default: a temporary one, deleted when nothing is wrong)." };
        var command = new Command("crash", "Kill the recorder at random instants and account for every frame that was sent.") { runs, seed, rate, longest, folder }
            .WithDetails("Exit status 1 when a frame is unexplained.");
        command.SetAction((parse, cancel) => RunAsync(parse.GetValue(runs), parse.GetValue(seed), parse.GetValue(rate), TimeSpan.FromSeconds(parse.GetValue(longest)), parse.GetValue(folder), cancel));
        return command;
    }

    private static async Task<int> RunAsync(int runs, int seed, double rate, TimeSpan longest, string? keep, CancellationToken cancel)
    {
        var folder = keep ?? Path.Combine(Path.GetTempPath(), $"tape-crash-{Environment.ProcessId}-{seed}");
        var moment = new KillMoment(new Random(seed), longest, TimeProvider.System);
        var aims = new Dictionary<KillAim, int>();
        var symbols = SymbolSpec.First(5);
        bool clean;
        await using (var rehearsal = await RehearsalVault.CreateAsync(folder, new BinanceSimulatorOptions { Symbols = symbols, FramesPerSecond = rate, Seed = seed, ConnectsMax = int.MaxValue }, symbols.Select(symbol => symbol.Name), "1s", cancel))
        {
            for (var run = 1; run <= runs; run++)
            {
                using var recorder = rehearsal.StartRecorder();
                var aim = await moment.WaitAsync(rehearsal.Vault, cancel);
                aims[aim] = aims.GetValueOrDefault(aim) + 1;
                if (recorder.HasExited) throw new TapeException($"Run {run}: the recorder ended before it was killed. See {rehearsal.Vault}/logs.");
                await rehearsal.KillAsync(recorder);
                if (run % 10 == 0) Console.Error.WriteLine($"{run} of {runs} kills, {rehearsal.Simulator.Status.FramesSent} frames sent");
            }

            using (var last = rehearsal.StartRecorder())
            {
                await Task.Delay(LastRun, TimeProvider.System, cancel);
                await last.StopAsync();
            }

            var proof = await rehearsal.ProveAsync();
            var sanity = SanityCommand.Check(rehearsal.Vault, deep: true, quiet: true, cancel);
            WriteJson(rehearsal.Kills.Count, aims, seed, proof, sanity);
            clean = proof.Unexplained == 0 && sanity.IsSound;
        }

        if (clean && keep is null) Directory.Delete(folder, recursive: true);
        else Console.Error.WriteLine($"The data is in {folder}.");
        return clean ? ExitCode.Ok : ExitCode.Findings;
    }

    private static void WriteJson(int kills, Dictionary<KillAim, int> aims, int seed, ProofResult proof, SanityReport sanity)
    {
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("bench", "crash");
            json.WriteNumber("seed", seed);
            json.WriteNumber("kills", kills);
            json.WriteNumber("kills_while_starting", aims.GetValueOrDefault(KillAim.WhileStarting));
            json.WriteNumber("kills_while_sealing", aims.GetValueOrDefault(KillAim.WhileSealing));
            ProofScreen.WriteJson(json, proof);
            json.WriteNumber("torn_tails_cut", sanity.Survey.Recoveries);
            json.WriteNumber("seals", sanity.Seals);
            json.WriteNumber("rows", sanity.Rows);
            json.WriteNumber("rows_proven", sanity.RowsProven);
            json.WriteBoolean("sound", sanity.IsSound);
            json.WriteStartArray("findings");
            foreach (var finding in sanity.Findings) json.WriteStringValue(finding);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }
}
