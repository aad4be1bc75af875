using System.CommandLine;
using Tape.Cli;
using Tape.Cli.Options;
using Tape.Host;

namespace Tape.Bench.Crash;

/// <summary>
/// <c>tape-bench crash</c>: kills real processes at random instants and inside chosen work, over and over, on vaults that have old days to compact, merge and
/// expire, and accounts for every frame and row.
/// </summary>
internal static class CrashBench
{
    public static Command Create()
    {
        var runs = Count("--runs", "How many kills.", 200);
        var round = Count("--round", "After this many kills the vault is proven and another one begun.", 60);
        var days = Count("--days", "Old days in each vault.", 30);
        var seed = new Option<int>("--seed") { Description = "Seed of the instants, the victims and the markets.", DefaultValueFactory = _ => 1 };
        var rate = new Option<double>("--rate") { Description = "Frames a second.", DefaultValueFactory = _ => 3000 };
        var longest = new Option<double>("--longest")
        {
            Description = "Seconds from start to kill at most; half of the instants are spread evenly below, the others are aimed at starting, sealing and "
                + "what is done with old days.",
            DefaultValueFactory = _ => 1.8,
        };
        var setup = new Option<CrashSetup>("--setup")
        {
            Description = "What is started and killed: collect (one process), up (supervisor, recorder and server), all (both, mixed by the seed).",
            DefaultValueFactory = _ => CrashSetup.All,
        };
        var folder = new Option<string?>("--folder")
        {
            Description = "Keep the data in this new folder (default: a temporary one, deleted when nothing is wrong).",
        };
        var command = new Command("crash", "Kill recorders and servers at random instants and account for every frame that was sent.")
        {
            runs,
            round,
            days,
            seed,
            rate,
            longest,
            setup,
            folder,
        }
            .WithDetails("Exit status 1 when a frame or row is unexplained, or an old day is not what it was.");
        command.SetAction((parse, cancel) => RunAsync(
            new CrashPlan(parse.GetValue(runs), parse.GetValue(round), parse.GetValue(days), parse.GetValue(seed), parse.GetValue(rate),
                TimeSpan.FromSeconds(parse.GetValue(longest)), parse.GetValue(setup)),
            parse.GetValue(folder), cancel));
        return command;
    }

    private static Option<int> Count(string name, string description, int normal)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => normal };
        option.Check(given => given is >= 1 and <= 100_000, $"{name} is between 1 and 100000.");
        return option;
    }

    private static async Task<int> RunAsync(CrashPlan plan, string? keep, CancellationToken cancel)
    {
        var folder = Path.GetFullPath(keep ?? Path.Combine(Path.GetTempPath(), $"tape-crash-{Environment.ProcessId}-{plan.Seed}"));
        if (Directory.Exists(folder)) throw new TapeException($"{folder} is there already; it was not touched.", "Name a new folder with --folder.");
        var (template, counts, results) = (Path.Combine(folder, "old-days"), new CrashCounts(), new List<CrashRoundResult>());
        var days = OldDays.Make(template, plan.Days, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), plan.Seed, cancel);
        while (counts.Kills < plan.Kills)
        {
            var place = Path.Combine(folder, $"round-{results.Count + 1}");
            var result = await new CrashRound(place, template, days, plan, unchecked(plan.Seed * 1000 + results.Count), counts)
                .RunAsync(Math.Min(plan.KillsARound, plan.Kills - counts.Kills), cancel);
            results.Add(result);
            Console.Error.WriteLine($"{counts.Kills} of {plan.Kills} kills, {results.Sum(round => round.Proof.Sent)} frames sent, "
                + $"{(result.IsClean ? "nothing unexplained" : $"see {place}")}");
            foreach (var finding in result.Findings) Console.Error.WriteLine($"  {finding}");
            if (result.IsClean && keep is null) Directory.Delete(place, recursive: true);
        }

        CrashReport.Write(plan, counts, results, Console.OpenStandardOutput());
        var clean = results.All(result => result.IsClean);
        if (clean && keep is null) Directory.Delete(folder, recursive: true);
        else Console.Error.WriteLine($"The data is in {folder}.");
        return clean ? ExitCode.Ok : ExitCode.Findings;
    }
}
