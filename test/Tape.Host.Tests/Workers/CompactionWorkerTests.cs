using System.Text;
using Tape.Collect.Logging;
using Tape.Derive.Sealing;
using Tape.Host.Workers;
using Tape.Storage.Compaction;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.TestKit.Files;
using Tape.TestKit.Logging;
using Tape.TestKit.Time;
using Tape.TestKit.Vaults;
using Tape.Venues;

namespace Tape.Host.Tests.Workers;

/// <summary>Finished days are made in the background, on a clock that is told, beside a sealer that seals when it is told.</summary>
public sealed class CompactionWorkerTests : IDisposable
{
    private static readonly DateOnly Day = new(2026, 11, 20);
    private static readonly OwnerInfo Owner = new("tests", 4711, SmallMarket.Start);

    private readonly TemporaryFolder _vault = new();
    private readonly FakeTime _time = new();
    private readonly LogLines _lines = new();
    private readonly MergeRequests _merges = new();
    private readonly CancellationTokenSource _stop = new();

    public CompactionWorkerTests()
    {
        // Steps of ten seconds: midnight is at the sixth, so that two seals bring the day.
        RecordAndSeal(0, 3);
        RecordAndSeal(3, 9);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _vault.Dispose();
    }

    [Fact]
    public async Task A_day_is_made_and_folded_a_minute_after_it_is_finished_at_the_latest()
    {
        var keeping = Start();
        await LookAgainAsync();
        Assert.Empty(CompactHistory.Read(DiskFiles.Instance, _vault.Path).Days);

        RecordAndSeal(9, 14);
        using (var sealer = OpenSealer())
            await _time.AdvanceUntilAsync(
                () =>
                {
                    sealer.Advance(_ => { }, all: false);
                    return _lines.Named("day_folded").Any();
                },
                "the day is folded", TimeSpan.FromSeconds(1));
        Assert.Contains("\"day\":\"2026-11-20\",\"generation\":0,\"raw_files\":6", Assert.Single(_lines.Named("day_compacted")).GetRawText(),
            StringComparison.Ordinal);
        Assert.EndsWith("\"day\":\"2026-11-20\",\"files_before\":4,\"files_after\":2}", Assert.Single(_lines.Named("day_folded")).GetRawText(),
            StringComparison.Ordinal);
        Assert.NotNull(CompactHistory.Read(DiskFiles.Instance, _vault.Path).Find(Day));
        await StopAsync(keeping);
    }

    [Fact]
    public async Task While_nothing_is_sealed_the_seal_log_is_not_read_again()
    {
        var keeping = Start();
        await LookAgainAsync();
        var log = await File.ReadAllBytesAsync(PartPath.SealLog(_vault.Path));
        log[100] ^= 1;
        await File.WriteAllBytesAsync(PartPath.SealLog(_vault.Path), log);
        for (var look = 0; look < 3; look++) await LookAgainAsync();
        Assert.Empty(_lines.Named("compaction_waits"));
        await File.AppendAllTextAsync(PartPath.SealLog(_vault.Path), "00000000 {}\n");
        await LookAgainAsync();
        Assert.Single(_lines.Named("compaction_waits"));
        await StopAsync(keeping);
    }

    [Fact]
    public async Task What_hinders_it_is_told_once_and_tried_again_every_minute()
    {
        RecordAndSeal(9, 14);
        Task keeping;
        using (CompactLog.Open(DiskFiles.Instance, _vault.Path, Owner with { Program = "tape compact" }))
        {
            keeping = Start();
            await _time.AdvanceUntilAsync(() => _lines.Named("compaction_waits").Any(), "it says what hinders it");
            for (var look = 0; look < 3; look++) await LookAgainAsync();
            Assert.Contains("tape compact", Assert.Single(_lines.Named("compaction_waits")).GetRawText(), StringComparison.Ordinal);
        }

        await _time.AdvanceUntilAsync(() => _lines.Named("day_compacted").Any(), "the day is made", TimeSpan.FromSeconds(10));
        await StopAsync(keeping);
    }

    [Fact]
    public async Task It_ends_when_told_also_while_no_sealer_takes_the_folded_day()
    {
        RecordAndSeal(9, 14);
        var keeping = Start();
        await _time.AdvanceUntilAsync(() => _lines.Named("day_compacted").Any(), "the day is made");
        Assert.False(keeping.IsCompleted);
        await StopAsync(keeping);
        Assert.Empty(_lines.Named("day_folded"));
        Assert.Empty(_lines.Named("compaction_waits"));
    }

    private Task Start() => new CompactionWorker(_vault.Path, DiskFiles.Instance, _merges, new JsonLogger(_lines, _time), _time, "tests")
        .RunAsync(_stop.Token);

    /// <summary>Waits for the look that is under way, and for the next one.</summary>
    private async Task LookAgainAsync()
    {
        await _time.AdvanceUntilAsync(() => _time.ActiveTimers > 0, "it waits for its next look");
        _time.Advance(TimeSpan.FromMinutes(1));
        await _time.AdvanceUntilAsync(() => _time.ActiveTimers > 0, "it has looked again");
    }

    private async Task StopAsync(Task keeping)
    {
        await _stop.CancelAsync();
        await keeping.WaitAsync(Patience.Max);
    }

    private void RecordAndSeal(int from, int toExcl)
    {
        SmallMarket.Record(DiskFiles.Instance, _vault.Path, from, toExcl, TimeSpan.FromSeconds(10));
        using var sealer = OpenSealer();
        sealer.Advance(_ => { }, all: true);
    }

    private Sealer OpenSealer()
    {
        var sealer = Sealer.Open(DiskFiles.Instance, _vault.Path, new SealLimits(), VenueCatalog.Find, _time, Owner);
        sealer.Merges = _merges;
        return sealer;
    }
}
