using Tape.TestKit.Files;
using Tape.TestKit.Proofs;
using Xunit.Abstractions;

namespace Tape.CrashTests.Sealing;

/// <summary>
/// Record → seal → record → seal, cut at the n-th file operation for every n. Whatever happens: every committed record is on the tape once, readers see whole
/// ranges or nothing, and in the end every table is what the tape derives to. A class for each fault, so that they run beside each other.
/// </summary>
public abstract class SealingCutEverywhere(Fault fault, ITestOutputHelper output)
{
    /// <summary>Every so many trials the whole check of the vault runs too; the others compare rows only.</summary>
    public const int SanityEvery = 7;

    [Fact]
    public void Sealing_is_exactly_once_whatever_operation_fails()
    {
        var seed = Random.Shared.Next();
        using var bench = new SealingBench();
        var (last, failures) = (0, 0);
        foreach (var number in ProofShare.Current.Numbers())
        {
            using var trial = new SealingTrial(bench, seed + number, $"{fault} at operation {number}, seed {seed}");
            trial.Files.FailAt(number, fault);
            trial.Run();
            failures += trial.Failures;
            if (number % SanityEvery == 0) trial.Sanity();
            last = number;
            if (trial.Files.Operations < number) break;
        }

        output.WriteLine($"{fault}: cuts up to {last - 1}, share {ProofShare.Current}, {failures} failures met, seed {seed}");
        Assert.InRange(last, 60, 2000);
    }
}

public sealed class SealingCutByErrors(ITestOutputHelper output) : SealingCutEverywhere(Fault.Error, output);

public sealed class SealingCutByShortWrites(ITestOutputHelper output) : SealingCutEverywhere(Fault.ShortWrite, output);

public sealed class SealingCutByTornWrites(ITestOutputHelper output) : SealingCutEverywhere(Fault.Torn, output);

public sealed class SealingCutByCrashes(ITestOutputHelper output) : SealingCutEverywhere(Fault.Crash, output);

public sealed class SealingCutByFullDisks(ITestOutputHelper output) : SealingCutEverywhere(Fault.DiskFull, output);
