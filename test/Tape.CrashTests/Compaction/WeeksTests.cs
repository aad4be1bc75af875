using Tape.Core.Values;
using Tape.Derive.Retention;
using Tape.Query.Engine;
using Tape.Query.Sanity;
using Tape.Query.Snapshots;
using Tape.Storage.Compaction;
using Tape.Storage.Journal;
using Tape.Storage.Retention;
using Tape.Storage.Seals;
using Tape.Storage.Tapes;
using Tape.TestKit.Files;
using Tape.TestKit.Time;
using Tape.TestKit.Vaults;
using Tape.Venues;

namespace Tape.CrashTests.Compaction;

/// <summary>
/// Weeks on a clock that is told: recorded, sealed, compacted, folded, verified, expired. Files a day and the tape stay bounded, and no row is lost.
/// </summary>
public sealed class WeeksTests
{
    private const int Days = 10;
    private const int StepsADay = 12;
    private static readonly TimeSpan Pace = TimeSpan.FromHours(2);
    private static readonly ExpiryRules Rules = new() { Keep = TimeSpan.FromDays(3) };
    private static readonly OwnerInfo Owner = new("tests", 4711, new UnixNanos(0), null);

    [Fact]
    public async Task Weeks_of_recording_leave_a_file_a_table_and_day_and_a_tape_of_three_days()
    {
        using var bench = new CompactionBench();
        using var vault = new TemporaryFolder();
        var (expired, filesBefore) = (0, 0);
        for (var day = 0; day < Days; day++)
        {
            for (var third = 0; third < 3; third++) Record(bench, vault.Path, day * StepsADay + third * (StepsADay / 3));
            filesBefore += bench.MakeDays(vault.Path, TestDisk.Files).Sum(report => report.FilesBefore);
            expired += await KeepAsync(vault.Path, SmallMarket.Start.Add(Pace * ((day + 1) * StepsADay)));
        }

        var log = SealLog.Read(TestDisk.Files, vault.Path);
        var made = CompactHistory.Read(TestDisk.Files, vault.Path).Days;
        Assert.InRange(made.Count, Days - 1, Days);
        Assert.All(made, day => Assert.Equal(day.Tables.Count, log.Files.Count(file => file.Day == day.Day)));
        Assert.InRange(filesBefore, 3 * 3 * (Days - 2), int.MaxValue);
        CompactionBench.AssertNoStrays(vault.Path, "after weeks");
        Assert.InRange(log.Committed.Count, 1, 2 * 3);
        var seals = log.All.ToList();
        Assert.Equal(3 * Days, seals.Count);
        Assert.Equal(seals.SkipLast(1).Select(seal => seal.ToSeqExcl), seals.Skip(1).Select(seal => seal.FromSeq));
        bench.AssertDone(vault.Path, "after weeks");

        Assert.InRange(expired, 1, int.MaxValue);
        var segments = TapeFolder.Segments(TestDisk.Files, Path.Combine(vault.Path, "tape"));
        Assert.True(segments[^2].MaxTime!.Value.Since(segments[0].MaxTime!.Value) <= Rules.Keep,
            $"the oldest segment ends at {segments[0].MaxTime}, the newest finished one at {segments[^2].MaxTime}");
        Assert.Equal(2 * StepsADay * Days, CountTrades(vault.Path));
        Assert.Empty(new SanityCheck(TestDisk.Files, vault.Path).Run(deep: true, _ => { }, CancellationToken.None).Findings);
    }

    private static void Record(CompactionBench bench, string vault, int from)
    {
        SmallMarket.Record(TestDisk.Files, vault, from, from + StepsADay / 3, Pace);
        bench.Seal(vault, TestDisk.Files);
    }

    /// <returns>Segments that expired.</returns>
    private static async Task<int> KeepAsync(string vault, UnixNanos now)
    {
        var expired = 0;
        using var keeper = TapeRetention.Open(TestDisk.Files, vault, Rules, new RangeVerifier(TestDisk.Files, vault, VenueCatalog.Find),
            new FakeTime(now.ToDateTimeOffset()), Storage.Retention.Pace.Full, Owner);
        await keeper.AdvanceAsync(told =>
        {
            Assert.True(told.Act != RetentionAct.Hindered, told.Text);
            if (told.Act == RetentionAct.Expired) expired++;
        }, CancellationToken.None);
        return expired;
    }

    private static long CountTrades(string vault)
    {
        using var engine = QueryEngine.Open(TapeSnapshot.Take(TestDisk.Files, vault, default), default, new QueryLimits(), new UnixNanos(0), null,
            CancellationToken.None);
        using var rows = engine.Run("SELECT count(*) FROM trades");
        return rows.Next(out var chunk) ? chunk.Values<long>(0)[0] : 0;
    }
}
