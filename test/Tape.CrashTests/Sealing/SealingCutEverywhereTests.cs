using Tape.TestKit.Files;
using Xunit.Abstractions;

namespace Tape.CrashTests.Sealing;

/// <summary>
/// Record → seal → record → seal, cut at the n-th file operation for every n. Whatever happens: every committed record is on the tape once, readers see whole
/// ranges or nothing, and in the end every table is what the tape derives to.
/// </summary>
public sealed class SealingCutEverywhereTests(ITestOutputHelper output)
{
    /// <summary>Every so many trials the whole check of the vault runs too; the others compare rows only.</summary>
    private const int SanityEvery = 7;

    [Theory]
    [InlineData(Fault.Error)]
    [InlineData(Fault.ShortWrite)]
    [InlineData(Fault.Torn)]
    [InlineData(Fault.Crash)]
    [InlineData(Fault.DiskFull)]
    public void Sealing_is_exactly_once_whatever_operation_fails(Fault fault)
    {
        var seed = Random.Shared.Next();
        using var bench = new SealingBench();
        var (number, failures) = (1, 0);
        for (; ; number++)
        {
            using var trial = new SealingTrial(bench, seed + number, $"{fault} at operation {number}, seed {seed}");
            trial.Files.FailAt(number, fault);
            trial.Run();
            failures += trial.Failures;
            if (number % SanityEvery == 0) trial.Sanity();
            if (trial.Files.Operations < number) break;
        }

        output.WriteLine($"{fault}: {number - 1} cuts, {failures} failures met, seed {seed}");
        Assert.InRange(number, 60, 2000);
    }

    [Fact]
    public void A_second_failure_inside_recovery_or_redo_changes_nothing()
    {
        var seed = Random.Shared.Next();
        var chance = new Random(seed);
        var faults = Enum.GetValues<Fault>();
        using var bench = new SealingBench();
        const int Trials = 150;
        for (var trialNumber = 0; trialNumber < Trials; trialNumber++)
        {
            var (first, second, later) = (chance.Next(1, 130), faults[chance.Next(faults.Length)], chance.Next(1, 30));
            var kind = faults[chance.Next(faults.Length)];
            using var trial = new SealingTrial(bench, seed + trialNumber, $"{kind} at {first}, then {second} {later} operations later, seed {seed}");
            trial.Files.FailAt(first, kind);
            trial.AfterFailure = () => trial.Files.FailAt(trial.Files.Operations + later, second);
            trial.Run();
            if (trialNumber % SanityEvery == 0) trial.Sanity();
        }

        output.WriteLine($"{Trials} pairs of failures, seed {seed}");
    }
}
