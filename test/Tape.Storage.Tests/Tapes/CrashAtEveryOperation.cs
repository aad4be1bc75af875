using Tape.TestKit.Files;
using Tape.TestKit.Proofs;
using Xunit.Abstractions;

namespace Tape.Storage.Tests.Tapes;

/// <summary>
/// A workload with rolls and big frames, cut at its n-th file operation for every n. What was committed must be there, in order, once, byte for byte. A class
/// for each fault, so that they run beside each other.
/// </summary>
public abstract class CrashAtEveryOperation(Fault fault, ITestOutputHelper output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_durable_record_survives(bool writesAhead)
    {
        var seed = Environment.TickCount & 0xFFFF;
        output.WriteLine($"seed {seed}, share {ProofShare.Current}");
        foreach (var number in ProofShare.Current.Numbers())
        {
            using var tape = new TapeFixture();
            var run = new CrashingRun(tape, seed + number, writesAhead);
            run.Faulty.FailAt(number, fault);
            run.Go();
            run.Check($"{fault} at operation {number}, seed {seed}");
            if (run.Faulty.Operations < number) break;
        }
    }
}

public sealed class ErrorAtEveryOperation(ITestOutputHelper output) : CrashAtEveryOperation(Fault.Error, output);

public sealed class ShortWriteAtEveryOperation(ITestOutputHelper output) : CrashAtEveryOperation(Fault.ShortWrite, output);

public sealed class TornWriteAtEveryOperation(ITestOutputHelper output) : CrashAtEveryOperation(Fault.Torn, output);

public sealed class PowerLossAtEveryOperation(ITestOutputHelper output) : CrashAtEveryOperation(Fault.Crash, output);

public sealed class FullDiskAtEveryOperation(ITestOutputHelper output) : CrashAtEveryOperation(Fault.DiskFull, output);
