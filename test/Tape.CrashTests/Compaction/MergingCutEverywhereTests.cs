using Tape.Core.Errors;
using Tape.Query.Sanity;
using Tape.TestKit.Files;
using Tape.TestKit.Proofs;
using Xunit.Abstractions;

namespace Tape.CrashTests.Compaction;

/// <summary>
/// A finished day is compacted and its parts are folded, cut at the n-th file operation for every n. Whatever happens, readers see all sealed rows, each once,
/// and running it again ends with one RAW file for each table of the day.
/// </summary>
public sealed class MergingCutEverywhereTests(ITestOutputHelper output)
{
    private const int FailuresMax = 3;
    private const int SanityEvery = 17;

    [Theory]
    [InlineData(Fault.Error)]
    [InlineData(Fault.Torn)]
    public void Readers_see_every_row_once_whatever_operation_fails(Fault fault)
    {
        var seed = Random.Shared.Next();
        using var bench = new CompactionBench();
        using var template = bench.Copy();
        bench.Compact(template.Path, TestDisk.Files);
        var expected = bench.RawRows(template.Path, "before");
        var last = 0;
        foreach (var number in ProofShare.Current.Numbers())
        {
            using var vault = template.Copy();
            var files = new FaultyFiles(vault.Path, seed + number);
            var context = $"{fault} at operation {number}, seed {seed}";
            files.FailAt(number, fault);
            RunToTheEnd(bench, vault.Path, files, expected, context);
            if (number % SanityEvery == 0) Check(vault.Path, context);
            last = number;
            if (files.Operations < number) break;
        }

        output.WriteLine($"{fault}: cuts up to {last - 1}, share {ProofShare.Current}, seed {seed}");
    }

    private static void RunToTheEnd(CompactionBench bench, string vault, FaultyFiles files, string expected, string context)
    {
        for (var failures = 0; ; failures++)
        {
            Assert.InRange(failures, 0, FailuresMax);
            try
            {
                bench.MakeDays(vault, files);
                break;
            }
            catch (CrashException)
            {
                Assert.Equal(expected, bench.RawRows(vault, $"at the crash: {context}"));
                files.Restart();
            }
            catch (Exception fault) when (fault is TapeException or IOException)
            {
                // Met below: the next run goes on from what is there.
            }

            Assert.Equal(expected, bench.RawRows(vault, $"after the failure: {context}"));
        }

        bench.MakeDays(vault, TestDisk.Files);
        Assert.Equal(expected, bench.RawRows(vault, context));
        CompactionBench.AssertNoStrays(vault, context);
        bench.AssertDone(vault, context);
        Assert.Equal(2, CompactionBench.Parquets(Path.Combine(vault, "raw"))
            .Count(path => path.Contains($"{CompactionBench.Day:yyyy-MM-dd}", StringComparison.Ordinal)));
    }

    private static void Check(string vault, string context)
    {
        var report = new SanityCheck(TestDisk.Files, vault).Run(deep: true, _ => { }, CancellationToken.None);
        Assert.True(report.IsSound && report.RowsProven == report.Rows, $"{string.Join('\n', report.Findings)}: {context}");
    }
}
