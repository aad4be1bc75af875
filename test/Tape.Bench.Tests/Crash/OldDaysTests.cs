using Tape.Bench.Crash;
using Tape.Storage.Compaction;
using Tape.Storage.Files;
using Tape.Storage.Seals;
using Tape.TestKit.Files;

namespace Tape.Bench.Tests.Crash;

/// <summary>The days that a crash bench puts into its vaults, the proof that they came through, and one round of it with real processes.</summary>
public sealed class OldDaysTests : IDisposable
{
    private const int Days = 2;
    private static readonly DateOnly Today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    private readonly TemporaryFolder _root = new();
    private readonly string _vault;
    private readonly OldDays _days;

    public OldDaysTests()
    {
        _vault = _root["vault"];
        // The last one is no finished day before something of a later one is sealed.
        _days = OldDays.Make(_vault, Days + 1, Today, 7, CancellationToken.None);
    }

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Days_that_came_through_are_proven_and_whatever_is_lost_or_left_over_is_reported()
    {
        var watch = new WorkWatch(_vault);
        Assert.True(watch.CanBegin(KillAim.WhileCompacting));
        Assert.False(watch.HasBegun(KillAim.WhileExchanging));
        var proof = OldDaysProof.Run(_vault, _days, CancellationToken.None);
        Assert.Equal((1, Days), (proof.MadeBefore, proof.Made));
        var unfinished = Today.AddDays(-1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        Assert.All(proof.Faults, fault => Assert.StartsWith(unfinished, fault, StringComparison.Ordinal));
        Assert.Equal(2, proof.Faults.Count);
        Assert.False(watch.CanBegin(KillAim.WhileMerging));

        var table = CompactHistory.Read(DiskFiles.Instance, _vault).Days.First().Tables[0];
        Assert.True(table.Duplicates > 0);
        var raw = SealLog.Read(DiskFiles.Instance, _vault).Files.First();
        File.Move(EntryPath.Absolute(_vault, raw.Path), EntryPath.Absolute(_vault, raw.Path.Replace("part-", "part-1", StringComparison.Ordinal)));
        var other = CompactHistory.Read(DiskFiles.Instance, _vault).Days.Last().Tables[0];
        File.Copy(EntryPath.Absolute(_vault, other.Path), EntryPath.Absolute(_vault, table.Path), overwrite: true);
        var faults = OldDaysProof.Run(_vault, _days, CancellationToken.None).Faults.Except(proof.Faults).ToList();
        Assert.Contains(faults, fault => fault.Contains("no log names this file", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("this file is missing", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains(table.Path, StringComparison.Ordinal));
        Assert.Equal(3, faults.Count);
    }

    [Fact]
    public async Task After_kills_of_two_processes_every_frame_and_every_old_day_is_accounted_for()
    {
        var counts = new CrashCounts();
        var plan = new CrashPlan(2, 2, Days, 7, 1000, TimeSpan.FromSeconds(1), CrashSetup.Up) { Busy = TimeSpan.FromSeconds(5) };
        var result = await new CrashRound(_root["round"], _vault, _days, plan, 7, counts).RunAsync(2, CancellationToken.None);
        Assert.True(result.IsClean, string.Join('\n', result.Findings));
        Assert.Equal((2, Days + 1), (counts.Kills, result.Days.Made));
        Assert.True(result.Proof.Stored > 0);
    }
}
