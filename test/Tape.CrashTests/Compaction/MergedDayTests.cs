using Tape.Core.Errors;
using Tape.CrashTests.Generations;
using Tape.Core.Values;
using Tape.Derive.Rederivation;
using Tape.Derive.Rows;
using Tape.Derive.Sealing;
using Tape.Query.Engine;
using Tape.Query.Requests;
using Tape.Query.Sanity;
using Tape.Query.Snapshots;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.TestKit.Files;
using Tape.TestKit.Venues;
using Tape.Venues;

namespace Tape.CrashTests.Compaction;

/// <summary>What a vault is like after a day was folded.</summary>
public sealed class MergedDayTests : IDisposable
{
    private static readonly OwnerInfo Owner = new("tests", 4711, new UnixNanos(0), null);
    private readonly CompactionBench _bench = new();
    private readonly TemporaryFolder _vault;

    public MergedDayTests() => _vault = _bench.Copy();

    public void Dispose()
    {
        _vault.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public void Folding_leaves_one_file_a_table_and_every_row()
    {
        var before = _bench.RawRows(_vault.Path, "before");
        var report = Assert.Single(_bench.MakeDays(_vault.Path, TestDisk.Files));
        Assert.Equal((CompactionBench.Day, 4, 2, 0), (report.Day, report.FilesBefore, report.FilesAfter, report.FilesLeft));
        Assert.Equal(before, _bench.RawRows(_vault.Path, "after"));
        Assert.Empty(_bench.MakeDays(_vault.Path, TestDisk.Files));
        Assert.Equal((36, 10), CountTrades());
    }

    [Fact]
    public void Seals_of_a_folded_day_are_still_proven_by_deriving_them_again()
    {
        _bench.MakeDays(_vault.Path, TestDisk.Files);
        Assert.All(Verify(), report => Assert.True(report.IsSame));
        Assert.Empty(Sanity().Findings);

        var fold = SealLog.Read(TestDisk.Files, _vault.Path).Committed[0].Files[0].Fold!;
        File.WriteAllText(EntryPath.Absolute(_vault.Path, fold.Path), "no parquet");
        Assert.Contains(Verify(), report => report.FileFaults.Any(fault => fault.Contains(fold.Path, StringComparison.Ordinal)));
        Assert.Contains(Sanity().Findings, finding => finding.Contains(fold.Path, StringComparison.Ordinal));
    }

    [Fact]
    public void A_range_of_a_folded_day_can_be_replaced_and_is_folded_again()
    {
        _bench.MakeDays(_vault.Path, TestDisk.Files);
        Rederiver.Replace(TestDisk.Files, _vault.Path, null, ChangedVenue.Find, GenerationBench.NextVersion, Owner, _ => { }, CancellationToken.None);
        Assert.Equal((36, 10), CountTrades());
        Assert.Equal(36, CountTrades("price > 10000").All);
        Assert.Contains("tape compact",
            Assert.Throws<TapeException>(() => DayFiles.Find(TestDisk.Files, _vault.Path, RawSchema.Trades, "binance", CompactionBench.Day)).Hint,
            StringComparison.Ordinal);

        var report = Assert.Single(_bench.MakeDays(_vault.Path, TestDisk.Files));
        Assert.Equal(2, report.FilesAfter);
        Assert.Equal((36, 10), CountTrades("price > 10000"));
        CompactionBench.AssertNoStrays(_vault.Path, "folded again");
        _bench.AssertDone(_vault.Path, "made again");
        Assert.Single(DayFiles.Find(TestDisk.Files, _vault.Path, RawSchema.Trades, "binance", CompactionBench.Day).Paths);
    }

    [Fact]
    public void Seals_of_a_folded_day_leave_the_seal_log_and_nobody_sees_a_difference()
    {
        string[] questions = ["SELECT * FROM streams ORDER BY ALL", "SELECT sum(price * qty), min(tape_seq), max(tape_seq) FROM trades"];
        QueryRange[] ranges = [default, new(null, Midnight), new(Midnight, null), new(Midnight.Add(-TimeSpan.FromSeconds(30)), Midnight)];
        List<string> Answers() => [.. ranges.SelectMany(range => questions.Select(sql => Ask(sql, range)))];
        var before = Answers();
        _bench.MakeDays(_vault.Path, TestDisk.Files);
        Assert.NotEmpty(SealLog.Read(TestDisk.Files, _vault.Path).Front!.Archives);
        Assert.Equal(before, Answers());
    }

    [Fact]
    public void Rows_of_finished_days_are_asked_for_by_views_of_their_own()
    {
        Assert.Equal("0", Ask("SELECT count(*) FROM trades_compact"));
        _bench.Record(_vault.Path, 2, 4);
        _bench.MakeDays(_vault.Path, TestDisk.Files);
        var made = Assert.Single(_bench.Look(_vault.Path, "made"));
        foreach (var table in made.Tables)
        {
            Assert.Equal(FormattableString.Invariant($"{table.Rows}"), Ask($"SELECT count(*) FROM {table.Raw.Table}_compact"));
            Assert.Equal("0", Ask($"SELECT count(*) FROM (SELECT * FROM {table.Raw.Table}_compact EXCEPT ALL SELECT * FROM {table.Raw.Table})"));
        }

        Assert.InRange(made.Tables.Sum(table => table.Duplicates), 1, int.MaxValue);
        Assert.Equal("0", Ask("SELECT count(*) FROM trades_compact", new QueryRange(Midnight, null)));
        Assert.Equal("0", Ask("SELECT count(*) FROM liquidations_compact"));
        Assert.Equal(Ask("SELECT count(*) FROM trades_compact WHERE epoch_ns(ts_recv) >= " + Midnight.Add(-TimeSpan.FromSeconds(30)).Value),
            Ask("SELECT count(*) FROM trades_compact", new QueryRange(Midnight.Add(-TimeSpan.FromSeconds(30)), null)));
    }

    [Fact]
    public void Late_rows_of_a_folded_day_are_compacted_and_folded_in()
    {
        _bench.MakeDays(_vault.Path, TestDisk.Files);
        _bench.Record(_vault.Path, 2, 4);
        var before = _bench.RawRows(_vault.Path, "late rows");
        Assert.Single(_bench.MakeDays(_vault.Path, TestDisk.Files));
        Assert.Equal(before, _bench.RawRows(_vault.Path, "folded again"));
        var day = Assert.Single(_bench.Look(_vault.Path, "made again"));
        Assert.Equal((1, 4), (day.Generation, day.Tables.Single(table => table.Raw.Table == "trades").Duplicates));
        Assert.Empty(Sanity().Findings);
    }

    [Fact]
    public void A_day_that_is_not_finished_is_left_alone()
    {
        Assert.Equal([CompactionBench.Day], _bench.Compact(_vault.Path, TestDisk.Files).Select(report => report.Day.Day));
        Assert.Empty(_bench.Compact(_vault.Path, TestDisk.Files));
    }

    private List<RangeReport> Verify()
    {
        var reports = new List<RangeReport>();
        Rederiver.Verify(TestDisk.Files, _vault.Path, null, VenueCatalog.Find, RowDeriver.DecoderVersion, reports.Add, CancellationToken.None);
        Assert.NotEmpty(reports);
        return reports;
    }

    private static UnixNanos Midnight => RawDay.EndOf(CompactionBench.Day);

    private string Ask(string sql, QueryRange range = default)
    {
        using var output = new MemoryStream();
        var request = new QueryRequest(_vault.Path, sql, range.From?.Value, range.ToExcl?.Value, "csv", null, null, 1L << 28, 600, null);
        QueryRun.Answer(request, (vault, asked) => TapeSnapshot.Take(TestDisk.Files, vault, asked), TimeProvider.System, output, _ => { },
            CancellationToken.None);
        return string.Join('\n', System.Text.Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n').Split('\n').Skip(1));
    }

    private SanityReport Sanity() => new SanityCheck(TestDisk.Files, _vault.Path).Run(deep: true, _ => { }, CancellationToken.None);

    /// <summary>Trades in all, and those of the finished day.</summary>
    private (long All, long OfDay) CountTrades(string where = "true")
    {
        using var engine = QueryEngine.Open(TapeSnapshot.Take(TestDisk.Files, _vault.Path, default), default, new QueryLimits(), new UnixNanos(0), null,
            CancellationToken.None);
        using var rows = engine.Run($"SELECT count(*), count(*) FILTER (ts_recv < TIMESTAMP '2026-11-21') FROM trades WHERE {where}");
        Assert.True(rows.Next(out var chunk));
        return (chunk.Values<long>(0)[0], chunk.Values<long>(1)[0]);
    }
}
