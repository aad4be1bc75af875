using Tape.Cli.Commands;
using Tape.Cli.Demo;
using Tape.Query.Sanity;
using Tape.Simulator.Binance;
using Tape.Simulator.Market;
using Tape.Simulator.Proof;

namespace Tape.Bench.Crash;

/// <summary>What a round gave.</summary>
/// <param name="Proof">By the simulator's journal.</param>
/// <param name="Days">Of the old days.</param>
/// <param name="Sanity">Of all that is stored.</param>
internal sealed record CrashRoundResult(ProofResult Proof, OldDaysProof Days, SanityReport Sanity)
{
    public bool IsClean => Proof.Unexplained == 0 && Days.Faults.Count == 0 && Sanity.IsSound;

    /// <summary>All that is wrong, as sentences.</summary>
    public IEnumerable<string> Findings => [.. Proof.Faults, .. Days.Faults, .. Sanity.Findings];
}

/// <summary>One vault with old days on which processes are started and killed; then all is accounted for.</summary>
/// <param name="folder">A new one.</param>
/// <param name="template">A vault that holds the old days; it is copied.</param>
internal sealed class CrashRound(string folder, string template, OldDays days, CrashPlan plan, int seed, CrashCounts counts)
{
    private static readonly TimeSpan LastRun = TimeSpan.FromSeconds(2);

    private readonly Random _chance = new(seed);

    public async Task<CrashRoundResult> RunAsync(int kills, CancellationToken cancel)
    {
        var symbols = SymbolSpec.First(5);
        var options = new BinanceSimulatorOptions { Symbols = symbols, FramesPerSecond = plan.Rate, Seed = seed, ConnectsMax = int.MaxValue };
        await using var rehearsal = await RehearsalVault.CreateAsync(folder, options, symbols.Select(symbol => symbol.Name), "1s", cancel);
        rehearsal.Configure(("keep: 7d", "keep: 24h"), ("segment_size: 256MiB", "segment_size: 1MiB"), ("query_memory: 1GiB", "query_memory: 64MiB"));
        FolderCopy.Make(template, rehearsal.Vault);
        var moment = new KillMoment(_chance, plan.Longest, TimeProvider.System);
        for (var end = counts.Kills + kills; counts.Kills < end;)
        {
            if (plan.Setup == CrashSetup.Up || (plan.Setup == CrashSetup.All && _chance.Next(4) == 0))
                await new TwoProcessLife(rehearsal, moment, _chance, counts).RunAsync(end - counts.Kills, cancel);
            else await KillCollectorAsync(rehearsal, moment, cancel);
        }

        using (var last = rehearsal.StartRecorder())
        {
            await last.WaitUntilConnectedAsync(cancel);
            await Task.Delay(LastRun, TimeProvider.System, cancel);
            await last.StopAsync();
        }

        var oldDays = OldDaysProof.Run(rehearsal.Vault, days, cancel);
        return new CrashRoundResult(await rehearsal.ProveAsync(plan.Busy, "binance"), oldDays,
            SanityCommand.Check(rehearsal.Vault, deep: true, quiet: true, cancel));
    }

    private async Task KillCollectorAsync(RehearsalVault rehearsal, KillMoment moment, CancellationToken cancel)
    {
        using var recorder = rehearsal.StartRecorder();
        var aim = await moment.WaitAsync(rehearsal.Vault, cancel);
        if (recorder.HasExited) throw new TapeException($"Kill {counts.Kills + 1}: the recorder ended before it was killed.", $"See {rehearsal.Vault}/logs.");
        await rehearsal.KillAsync(recorder);
        counts.Add(CrashVictim.Collector, aim);
    }
}
