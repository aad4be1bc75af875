using Tape.TestKit.Files;
using Tape.TestKit.Proofs;
using Xunit.Abstractions;

namespace Tape.CrashTests.Sealing;

/// <summary>Sealing is cut, and so is what puts it right.</summary>
public sealed class SealingCutTwiceTests(ITestOutputHelper output)
{
    [Fact]
    public void A_second_failure_inside_recovery_or_redo_changes_nothing()
    {
        var seed = Random.Shared.Next();
        var chance = new Random(seed);
        var faults = Enum.GetValues<Fault>();
        using var bench = new SealingBench();
        var trials = 150 / ProofShare.Current.Parts;
        for (var trialNumber = 0; trialNumber < trials; trialNumber++)
        {
            var (first, second, later) = (chance.Next(1, 130), faults[chance.Next(faults.Length)], chance.Next(1, 30));
            var kind = faults[chance.Next(faults.Length)];
            using var trial = new SealingTrial(bench, seed + trialNumber, $"{kind} at {first}, then {second} {later} operations later, seed {seed}");
            trial.Files.FailAt(first, kind);
            trial.AfterFailure = () => trial.Files.FailAt(trial.Files.Operations + later, second);
            trial.Run();
            if (trialNumber % SealingCutEverywhere.SanityEvery == 0) trial.Sanity();
        }

        output.WriteLine($"{trials} pairs of failures, seed {seed}");
    }
}
