using System.Text.Json;
using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Derive.Rederivation;
using Tape.Derive.Rows;
using Tape.Derive.Sealing;
using Tape.Query.Engine;
using Tape.Query.Snapshots;
using Tape.Storage.Files;
using Tape.Storage.Seals;
using Tape.TestKit.Files;
using Tape.TestKit.Vaults;
using Tape.TestKit.Venues;
using Tape.Venues;
using Tape.Venues.Contract;

namespace Tape.CrashTests.Generations;

public sealed class GenerationTests
{
    private const string PricesByRange = "SELECT tape_seq < $boundary AS first, count(*), count(*) FILTER (price > 10000) FROM trades GROUP BY 1 ORDER BY 1";

    [Fact]
    public void Readers_see_the_old_rows_of_a_range_then_the_new_ones_and_never_both()
    {
        using var bench = new GenerationBench();
        using var vault = bench.Copy();
        var (looks, states) = (0, new List<string>());
        var files = new WatchedFiles(TestDisk.Files, () =>
        {
            looks++;
            var state = Ask(vault.Path, bench.Old.Keys.Max());
            if (states.LastOrDefault() != state) states.Add(state);
        });
        bench.Replace(vault.Path, files);
        Assert.Equal(["old old", "new old", "new new"], states);
        Assert.InRange(looks, 20, 300);
        bench.AssertClean(vault.Path, "at the end");
    }

    [Fact]
    public void Verifying_tells_what_a_changed_decoder_would_change_and_changes_nothing()
    {
        using var bench = new GenerationBench();
        using var vault = bench.Copy();
        Assert.All(Verify(vault.Path, VenueCatalog.Find, RowDeriver.DecoderVersion), report => Assert.True(report.IsSame && !report.IsOlder));
        var changed = Verify(vault.Path, ChangedVenue.Find, GenerationBench.NextVersion);
        Assert.Equal(2, changed.Count);
        Assert.All(changed, report => Assert.Equal([new PartDifference("trades", "binance", new DateOnly(2026, 11, 20), 18, 18)], report.Differences));
        Assert.All(changed, report => Assert.True(report.IsOlder));
        Assert.Equal([false, false], bench.Look(vault.Path, "after verifying"));
    }

    [Fact]
    public void Verifying_names_files_that_are_missing_or_changed()
    {
        using var bench = new GenerationBench();
        using var vault = bench.Copy();
        var seals = SealLog.Read(TestDisk.Files, vault.Path).Committed;
        File.Delete(EntryPath.Absolute(vault.Path, seals[0].Files[0].Path));
        File.WriteAllText(EntryPath.Absolute(vault.Path, seals[1].Files[1].Path), "no parquet");
        var reports = Verify(vault.Path, VenueCatalog.Find, RowDeriver.DecoderVersion);
        Assert.Contains("missing", Assert.Single(reports[0].FileFaults), StringComparison.Ordinal);
        Assert.Contains(Path.GetFileName(seals[1].Files[1].Path), Assert.Single(reports[1].FileFaults), StringComparison.Ordinal);
        Assert.All(reports, report => Assert.Empty(report.Differences));

        Rederiver.Replace(TestDisk.Files, vault.Path, null, VenueCatalog.Find, RowDeriver.DecoderVersion, GenerationBench.Owner, _ => { },
            CancellationToken.None);
        Assert.All(Verify(vault.Path, VenueCatalog.Find, RowDeriver.DecoderVersion), report => Assert.True(report.IsSame));
    }

    [Fact]
    public void Only_ranges_from_the_given_time_on_are_replaced_and_a_second_time_none()
    {
        using var bench = new GenerationBench();
        using var vault = bench.Copy();
        var from = SmallMarket.Start.Add(TimeSpan.FromSeconds(12));
        var reports = new List<RangeReport>();
        Replace(vault.Path, from, reports);
        Assert.Equal([false, true], bench.Look(vault.Path, "after replacing"));
        Assert.Equal(1, Assert.Single(reports).Replacement!.Generation);
        reports.Clear();
        Replace(vault.Path, from, reports);
        Assert.Null(Assert.Single(reports).Replacement);
        reports.Clear();
        Replace(vault.Path, null, reports);
        Assert.Equal([true, false], reports.Select(report => report.Replacement is not null));
    }

    [Fact]
    public void A_range_can_be_replaced_again_and_again()
    {
        using var bench = new GenerationBench();
        using var vault = bench.Copy();
        bench.Replace(vault.Path, TestDisk.Files);
        var reports = new List<RangeReport>();
        Rederiver.Replace(TestDisk.Files, vault.Path, null, VenueCatalog.Find, "3", GenerationBench.Owner, reports.Add, CancellationToken.None);
        Assert.Equal([2, 2], reports.Select(report => report.Replacement!.Generation));
        Assert.Equal([false, false], bench.Look(vault.Path, "the old rows once more"));
    }

    [WindowsRulesFact]
    public void A_replaced_part_that_another_program_has_open_stays_out_of_use_until_it_can_be_moved()
    {
        using var bench = new GenerationBench();
        using var vault = bench.Copy();
        var old = EntryPath.Absolute(vault.Path, SealLog.Read(TestDisk.Files, vault.Path).Committed[0].Files[0].Path);
        var reports = new List<RangeReport>();
        using (((WindowsFiles)TestDisk.Files).HoldAsOtherProgram(old))
        {
            bench.Replace(vault.Path, TestDisk.Files, reports.Add);
            Assert.Equal([1, 0], reports.Select(report => report.FilesLeft));
            Assert.Equal([true, true], bench.Look(vault.Path, "while it is open"));
            Assert.True(File.Exists(old));
            Assert.Equal("new new", Ask(vault.Path, bench.Old.Keys.Max()));
        }

        bench.Seal(vault.Path, TestDisk.Files);
        Assert.False(File.Exists(old));
        bench.AssertClean(vault.Path, "after the next opening");
    }

    [Fact]
    public void An_older_program_leaves_the_ranges_of_a_newer_one_alone()
    {
        using var bench = new GenerationBench();
        using var vault = bench.Copy();
        bench.Replace(vault.Path, TestDisk.Files);
        var fault = Assert.Throws<TapeException>(() =>
            Rederiver.Replace(TestDisk.Files, vault.Path, null, VenueCatalog.Find, RowDeriver.DecoderVersion, GenerationBench.Owner, _ => { },
                CancellationToken.None));
        Assert.Contains($"version {GenerationBench.NextVersion}", fault.Message, StringComparison.Ordinal);
        Assert.Equal([true, true], bench.Look(vault.Path, "untouched"));
    }

    [Fact]
    public void While_a_recorder_seals_a_derivation_is_refused_and_names_it()
    {
        using var bench = new GenerationBench();
        using var vault = bench.Copy();
        using var log = SealLog.Open(TestDisk.Files, vault.Path, GenerationBench.Owner with { Program = "the recorder" });
        Assert.Contains("the recorder", Assert.Throws<OwnedElsewhereException>(() => bench.Replace(vault.Path, TestDisk.Files)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_seal_that_another_version_announced_and_never_completed_is_forgotten_and_sealed_anew()
    {
        using var bench = new GenerationBench();
        using var vault = bench.Copy();
        var end = SmallMarket.Record(TestDisk.Files, vault.Path, 21, 25, TimeSpan.FromSeconds(1));
        using (var log = SealLog.Open(TestDisk.Files, vault.Path, GenerationBench.Owner))
            log.AppendSeal(new FirstSealEntry(log.NextId, log.Committed[^1].Tape, log.Committed[^1].ToSeqExcl, end - 1, "0", [], [],
                JsonDocument.Parse("{}").RootElement));
        bench.Seal(vault.Path, TestDisk.Files);
        var seals = SealLog.Read(TestDisk.Files, vault.Path).Committed;
        Assert.Equal([1, 2, 4], seals.Select(seal => seal.Id));
        Assert.Equal((end, RowDeriver.DecoderVersion), (seals[^1].ToSeqExcl, seals[^1].Decoder));
        Assert.All(Verify(vault.Path, VenueCatalog.Find, RowDeriver.DecoderVersion), report => Assert.True(report.IsSame));
    }

    private static List<RangeReport> Verify(string vault, Func<string, IVenue?> venues, string version)
    {
        var reports = new List<RangeReport>();
        Rederiver.Verify(TestDisk.Files, vault, null, venues, version, reports.Add, CancellationToken.None);
        Assert.NotEmpty(reports);
        return reports;
    }

    private static void Replace(string vault, UnixNanos? from, List<RangeReport> reports) =>
        Rederiver.Replace(TestDisk.Files, vault, from, ChangedVenue.Find, GenerationBench.NextVersion, GenerationBench.Owner, reports.Add,
            CancellationToken.None);

    /// <summary>Asks as any reader does; each range has 18 trades whose prices are all old or all new.</summary>
    private static string Ask(string vault, long boundary)
    {
        using var engine = QueryEngine.Open(TapeSnapshot.Take(TestDisk.Files, vault, default), default, new QueryLimits(), new UnixNanos(0), null,
            CancellationToken.None);
        using var rows = engine.Run(PricesByRange.Replace("$boundary", boundary.ToString(System.Globalization.CultureInfo.InvariantCulture),
            StringComparison.Ordinal));
        Assert.True(rows.Next(out var chunk));
        Assert.Equal(2, chunk.Rows);
        Assert.Equal([18, 18], chunk.Values<long>(1).ToArray());
        Assert.All(chunk.Values<long>(2).ToArray(), count => Assert.True(count is 0 or 18));
        return string.Join(' ', chunk.Values<long>(2).ToArray().Reverse().Select(count => count == 0 ? "old" : "new"));
    }
}
