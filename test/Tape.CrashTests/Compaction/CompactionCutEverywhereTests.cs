using Tape.Core.Errors;
using Tape.TestKit.Files;
using Tape.TestKit.Proofs;
using Xunit.Abstractions;

namespace Tape.CrashTests.Compaction;

/// <summary>
/// A finished day is compacted, then rows of it that come late make it due again; each run is cut at the n-th file operation for every n. Whatever happens,
/// what the log of finished days names is there and is proven, and running it again ends with each day made once and nothing lying about.
/// </summary>
public sealed class CompactionCutEverywhereTests(ITestOutputHelper output)
{
    private const int FailuresMax = 3;

    [Theory]
    [InlineData(Fault.Error)]
    [InlineData(Fault.Torn)]
    [InlineData(Fault.DiskFull)]
    public void A_day_is_made_once_whatever_operation_fails(Fault fault)
    {
        using var bench = new CompactionBench();
        CutEverywhere(bench, fault, _ => { }, generation: 0);
    }

    [Fact]
    public void A_day_is_made_again_once_wherever_the_power_fails()
    {
        using var bench = new CompactionBench();
        CutEverywhere(bench, Fault.Torn, vault =>
        {
            bench.Compact(vault, TestDisk.Files);
            // The recorder's clock was set back: more rows of the finished day.
            bench.Record(vault, 2, 4);
        }, generation: 1);
    }

    private void CutEverywhere(CompactionBench bench, Fault fault, Action<string> prepare, int generation)
    {
        var seed = Random.Shared.Next();
        using var template = bench.Copy();
        prepare(template.Path);
        var last = 0;
        foreach (var number in ProofShare.Current.Numbers())
        {
            using var vault = template.Copy();
            var files = new FaultyFiles(vault.Path, seed + number);
            var context = $"{fault} at operation {number}, seed {seed}";
            files.FailAt(number, fault);
            RunToTheEnd(bench, vault.Path, files, context);
            Assert.Equal(generation, Assert.Single(bench.Look(vault.Path, context)).Generation);
            last = number;
            if (files.Operations < number) break;
        }

        output.WriteLine($"{fault}: cuts up to {last - 1}, share {ProofShare.Current}, seed {seed}");
    }

    private static void RunToTheEnd(CompactionBench bench, string vault, FaultyFiles files, string context)
    {
        for (var failures = 0; ; failures++)
        {
            Assert.InRange(failures, 0, FailuresMax);
            try
            {
                bench.Compact(vault, files);
                break;
            }
            catch (CrashException)
            {
                bench.Look(vault, $"at the crash: {context}");
                files.Restart();
            }
            catch (Exception fault) when (fault is TapeException or IOException)
            {
                files.FreeSpace();
            }

            bench.Look(vault, $"after the failure: {context}");
        }

        files.FreeSpace();
        // A deletion that failed leaves an old file for the next opening.
        bench.Compact(vault, TestDisk.Files);
        TestDisk.AssertNothingRefused(vault, context);
        bench.AssertDone(vault, context);
    }
}
