using System.Globalization;
using Tape.TestKit.Files;
using Xunit.Abstractions;

namespace Tape.SimulationTests;

/// <summary>
/// A longer run: TAPE_SIMULATED_HOURS=48 TAPE_SEED=7 dotnet test test/Tape.SimulationTests --filter FullyQualifiedName~as_long_as_asked --logger
/// "console;verbosity=detailed"
/// </summary>
public sealed class DeskSimulationTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_same_seed_gives_the_same_bytes_of_every_file_and_log()
    {
        var seed = Seed();
        var options = new SimulationOptions(seed, TimeSpan.FromMinutes(15));
        var first = Run(options);
        var second = Run(options);
        AssertGood(first, seed);
        Assert.True(first.Digest == second.Digest && first.LogDigest == second.LogDigest, $"seed {seed} gave {first} and then {second}");

        // A minute is enough to see that the seed matters.
        var minute = options with { Length = TimeSpan.FromMinutes(1) };
        Assert.NotEqual(Run(minute).Digest, Run(minute with { Seed = seed + 1 }).Digest);
    }

    [Fact]
    public void What_was_sent_is_stored_or_accounted_for_in_a_run_as_long_as_asked()
    {
        var seed = Seed();
        var hours = double.Parse(Environment.GetEnvironmentVariable("TAPE_SIMULATED_HOURS") ?? "0.5", CultureInfo.InvariantCulture);
        AssertGood(Run(new SimulationOptions(seed, TimeSpan.FromHours(hours))), seed);
    }

    [Fact]
    public void Books_aligned_over_REST_change_no_byte_of_tape_parts_seals_gap_ledger_or_log()
    {
        var seed = Seed();
        var options = new SimulationOptions(seed, TimeSpan.FromMinutes(2)) { Calm = TimeSpan.FromSeconds(10), DiskFails = false };
        var without = Run(options);
        var desk = new DeskSimulation(EmptyRoot(), options with { AlignBooks = true });
        var with = desk.Run();
        Assert.True(desk.Books is { Asked: > 1, Aligned: > 0 }, $"seed {seed}: {desk.Books}");
        Assert.True(with.Digest == without.Digest && with.LogDigest == without.LogDigest, $"seed {seed} gave {without}, and with books {with}");
        Assert.True(Directory.EnumerateFiles(_folder["desk", "vault", "quality"]).Any() && with.Seals > 0, $"seed {seed}: {with}");
        output.WriteLine($"seed {seed}: {desk.Books}, {with}");
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The same folder for each run of a test: what fails on the disk is noted on the tape with its path.</summary>
    private string EmptyRoot()
    {
        var root = _folder["desk"];
        if (Directory.Exists(root)) Directory.Delete(root, recursive: true);
        Directory.CreateDirectory(root);
        return root;
    }

    private static int Seed() => int.Parse(Environment.GetEnvironmentVariable("TAPE_SEED") ?? $"{Random.Shared.Next()}", CultureInfo.InvariantCulture);

    private static void AssertGood(SimulationOutcome outcome, int seed)
    {
        Assert.True(outcome.Proof.Unexplained == 0, $"seed {seed}: {string.Join('\n', outcome.Proof.Faults)}");
        Assert.True(outcome.Findings.Count == 0, $"seed {seed}: {string.Join('\n', outcome.Findings)}");
        Assert.True(outcome is { RowsProven: > 0, Proof.Stored: > 0, Days: > 0, Folds: > 0 }, $"seed {seed}: {outcome}");
    }

    private SimulationOutcome Run(SimulationOptions options)
    {
        var root = EmptyRoot();
        var began = TimeProvider.System.GetTimestamp();
        var outcome = new DeskSimulation(root, options).Run();
        var took = TimeProvider.System.GetElapsedTime(began);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"seed {options.Seed}, {options.Length.TotalHours} h in {took.TotalSeconds:0} s ({options.Length / took:0} times real time): {outcome}"));
        return outcome;
    }
}
