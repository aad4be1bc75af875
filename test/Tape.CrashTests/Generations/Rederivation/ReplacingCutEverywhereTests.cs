using Tape.Core.Errors;
using Tape.Query.Sanity;
using Tape.Storage.Seals;
using Tape.TestKit.Files;
using Tape.TestKit.Proofs;
using Xunit.Abstractions;

namespace Tape.CrashTests.Generations;

/// <summary>
/// A decoder is changed on purpose and everything derived again, cut at the n-th file operation for every n. Whatever happens, readers see each range once,
/// wholly old or wholly new, and running it again ends with everything new and nothing lying about.
/// </summary>
public sealed class ReplacingCutEverywhereTests(ITestOutputHelper output)
{
    private const int FailuresMax = 4;
    private const int SanityEvery = 11;

    [Theory]
    [InlineData(Fault.Error)]
    [InlineData(Fault.Torn)]
    [InlineData(Fault.DiskFull)]
    public void Every_range_is_old_or_new_whatever_operation_fails(Fault fault)
    {
        var seed = Random.Shared.Next();
        using var bench = new GenerationBench();
        foreach (var number in ProofShare.Current.Numbers())
        {
            using var vault = bench.Copy();
            var files = new FaultyFiles(vault.Path, seed + number);
            var context = $"{fault} at operation {number}, seed {seed}";
            files.FailAt(number, fault);
            RunToTheEnd(bench, vault.Path, files, context, betweenRuns: () => { });
            CheckEnd(bench, vault.Path, files, number, context);
            if (files.Operations < number) break;
        }

        output.WriteLine($"seed {seed}");
    }

    [Fact]
    public void A_recorder_that_starts_after_the_cut_puts_things_right_and_goes_on()
    {
        var seed = Random.Shared.Next();
        using var bench = new GenerationBench();
        foreach (var number in ProofShare.Current.Numbers())
        {
            using var vault = bench.Copy();
            var files = new FaultyFiles(vault.Path, seed + number);
            var context = $"recorder after a crash at operation {number}, seed {seed}";
            files.FailAt(number, Fault.Crash);
            RunToTheEnd(bench, vault.Path, files, context, betweenRuns: () =>
            {
                bench.Seal(vault.Path, files);
                bench.Look(vault.Path, context);
                bench.AssertClean(vault.Path, context);
            });
            if (files.Operations < number) break;
        }

        output.WriteLine($"seed {seed}");
    }

    private static void RunToTheEnd(GenerationBench bench, string vault, FaultyFiles files, string context, Action betweenRuns)
    {
        for (var failures = 0; ; failures++)
        {
            Assert.InRange(failures, 0, FailuresMax);
            try
            {
                bench.Replace(vault, files);
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
            betweenRuns();
        }

        TestDisk.AssertNothingRefused(vault, context);
        Assert.All(bench.Look(vault, $"at the end: {context}"), isNew => Assert.True(isNew, context));
    }

    /// <summary>A move that failed leaves old files where they are until the next opening.</summary>
    private static void CheckEnd(GenerationBench bench, string vault, FaultyFiles files, int number, string context)
    {
        files.FreeSpace();
        if (SealLog.Read(TestDisk.Files, vault).Superseded.Count > 0) bench.Replace(vault, TestDisk.Files, report => Assert.Null(report.Replacement));
        bench.AssertClean(vault, context);
        if (number % SanityEvery != 0) return;
        var report = new SanityCheck(TestDisk.Files, vault).Run(deep: false, _ => { }, CancellationToken.None);
        Assert.True(report.IsSound, $"{string.Join('\n', report.Findings)}: {context}");
    }
}
