using System.Text;
using Tape.Core.Errors;
using Tape.Storage.Tapes;
using Tape.TestKit.Files;
using Tape.TestKit.Proofs;
using Xunit.Abstractions;

namespace Tape.Storage.Tests.Tapes;

/// <summary>Two faults one after the other.</summary>
public sealed class CrashTwiceTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_second_crash_inside_every_recovery_loses_nothing_either(bool writesAhead)
    {
        var seed = Environment.TickCount & 0xFFFF;
        output.WriteLine($"seed {seed}, share {ProofShare.Current}");
        for (var first = 5; first < 60; first += 7)
        {
            foreach (var second in ProofShare.Current.Of(Enumerable.Range(1, 11)))
            {
                using var tape = new TapeFixture();
                var run = new CrashingRun(tape, seed + first, writesAhead);
                run.Faulty.FailAt(first, Fault.Torn);
                run.GoUntilCrash();
                run.Faulty.FailAt(run.Faulty.Operations + second, Fault.Crash);
                run.Go();
                run.Check($"torn at {first}, then crash {second} operations later, seed {seed}");
            }
        }
    }

    [Fact]
    public void A_failed_sync_counts_although_another_sync_of_the_same_file_succeeds()
    {
        using var tape = new TapeFixture();
        var faulty = new FaultyFiles(tape.Root.Path, seed: 1);
        tape.Files = faulty;
        using var writer = tape.Open();
        writer.Append(RecordKind.Frame, 1, tape.Now(), Encoding.UTF8.GetBytes("frame"));
        writer.Write();
        var sync = writer.BeginSync()!;
        faulty.FailAt(faulty.Operations + 1, Fault.Error);
        sync.Run();
        Assert.Throws<WriterBrokenException>(writer.Commit);
        Assert.Equal(0, writer.SyncedSeq);
    }
}
