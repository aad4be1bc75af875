using Tape.Core.Values;
using Tape.Derive.Decoding;
using Tape.Derive.Gaps;
using Tape.Derive.Rows;
using Tape.Derive.Sealing;
using Tape.Derive.Tests.Sealing;
using Tape.Storage.Gaps;
using Tape.Storage.Journal;
using Tape.Storage.Tapes;
using Tape.TestKit.Files;
using Tape.TestKit.Tapes;
using Tape.TestKit.Time;
using Xunit.Abstractions;

namespace Tape.Derive.Tests.Gaps;

/// <summary>The ledger beside sealing: the same holes wherever ranges are cut and whoever goes on, and never in the way of a seal.</summary>
public sealed class GapLedgerUpdaterTests(ITestOutputHelper output) : IDisposable
{
    private static readonly OwnerInfo Owner = new("tests", 1, new UnixNanos(0), null);

    private readonly TemporaryFolder _root = new();
    private readonly FakeTime _time = new();
    private readonly List<SealReport> _seals = [];

    private string Vault => _root["vault"];

    private string StatePath => GapStateFile.PathOf(Vault);

    public void Dispose() => _root.Dispose();

    [Fact]
    public void The_ledger_is_the_same_wherever_ranges_are_cut_and_when_it_is_made_again()
    {
        for (var round = 0; round < 4; round++)
        {
            var seed = Random.Shared.Next();
            output.WriteLine($"seed {seed}");
            var tape = Support.Tape(seed, 1500);
            var (whole, tail) = Expected(tape);
            Assert.True(whole.Count > 40, $"a dull tape: {whole.Count} holes; seed {seed}");
            if (Directory.Exists(Vault)) Directory.Delete(Vault, recursive: true);
            RecordAndSeal(tape, new Random(seed));
            AssertLedger(whole, tail, $"written beside sealing, seed {seed}");
            GapRebuild.Run(TestDisk.Files, Vault, Support.Venue, Owner, CancellationToken.None);
            AssertLedger(whole, tail, $"made again, seed {seed}");
            File.Delete(StatePath);
            AssertLedger(whole, tail, $"without a state, seed {seed}");
            File.Delete(GapLedgerContent.PathOf(Vault));
            AssertLedger(whole, tail, $"without a ledger, seed {seed}");
        }
    }

    [Fact]
    public void What_is_not_sealed_yet_is_told_from_the_tape()
    {
        var tape = Support.Tape(seed: 5, records: 1200);
        Record(tape, 0, 700);
        Seal();
        Record(tape, 700, 1200);
        var (whole, tail) = Expected(tape);
        var report = GapReports.Read(TestDisk.Files, Vault, Support.Venue, long.MaxValue, CancellationToken.None);
        Assert.Equal([.. whole, .. tail], report.Gaps);
        Assert.Equal(1200, report.NextSeq);
        var early = GapReports.Read(TestDisk.Files, Vault, Support.Venue, 900, CancellationToken.None);
        var (then, open) = Expected([.. tape.Take(900)]);
        Assert.Equal([.. then, .. open], early.Gaps);
    }

    [Fact]
    public void A_ledger_that_can_not_be_written_stops_no_seal_is_told_and_catches_up()
    {
        var tape = Support.Tape(seed: 6, records: 1200);
        Directory.CreateDirectory(StatePath + ".new");
        Record(tape, 0, 400);
        Seal();
        Assert.NotNull(_seals[^1].LedgerFault);
        Record(tape, 400, 800);
        Seal();
        Assert.Equal((400L, 800L), (_seals[^1].FromSeq, _seals[^1].ToSeqExcl));
        Assert.NotNull(_seals[^1].LedgerFault);
        Directory.Delete(StatePath + ".new");
        Record(tape, 800, 1200);
        Seal();
        Assert.Null(_seals[^1].LedgerFault);
        Assert.Equal(1200, GapStateFile.Read(TestDisk.Files, Vault)!.NextSeq);
        var (whole, tail) = Expected(tape);
        AssertLedger(whole, tail, "after the fault");
    }

    [Fact]
    public void A_damaged_ledger_is_made_again_by_the_next_sealer_which_says_so_and_keeps_the_damaged_one()
    {
        var tape = Support.Tape(seed: 8, records: 1200);
        Record(tape, 0, 600);
        Seal();
        Record(tape, 600, 1000);
        Seal();
        var bytes = File.ReadAllBytes(GapLedgerContent.PathOf(Vault));
        bytes[20] ^= 4;
        File.WriteAllBytes(GapLedgerContent.PathOf(Vault), bytes);
        Record(tape, 1000, 1200);
        Seal();
        var told = _seals.Where(seal => seal.LedgerRebuilt is not null).ToList();
        Assert.Contains("checksum", Assert.Single(told).LedgerRebuilt, StringComparison.Ordinal);
        Assert.All(_seals, seal => Assert.Null(seal.LedgerFault));
        Assert.Equal(bytes, File.ReadAllBytes(GapLedgerContent.PathOf(Vault) + GapRebuild.SetAside));
        var (whole, tail) = Expected(tape);
        AssertLedger(whole, tail, "made again");
    }

    [Fact]
    public void A_ledger_of_another_tape_is_set_aside_and_not_mixed_in()
    {
        var tape = Support.Tape(seed: 9, records: 600);
        Record(tape, 0, 600);
        using (var ledger = GapLedger.Open(TestDisk.Files, Vault, "00000000000000ff"))
            ledger.Append(new(5, [new(0, new("binance", "aggTrade", "BTCUSDT"), 1)], [], "{}"));
        Seal();
        Assert.NotNull(_seals[0].LedgerRebuilt);
        Assert.True(File.Exists(GapLedgerContent.PathOf(Vault) + GapRebuild.SetAside));
        var (whole, tail) = Expected(tape);
        AssertLedger(whole, tail, "made again");
    }

    [Fact]
    public void A_tape_that_was_sealed_before_there_was_a_ledger_gets_one()
    {
        var tape = Support.Tape(seed: 7, records: 1000);
        Record(tape, 0, 800);
        Seal();
        Directory.Delete(GapLedgerContent.Folder(Vault), recursive: true);
        Record(tape, 800, 1000);
        Seal();
        var (whole, tail) = Expected(tape);
        AssertLedger(whole, tail, "caught up");
        Assert.Equal(1000, GapStateFile.Read(TestDisk.Files, Vault)!.NextSeq);
    }

    private static (List<GapEntry> Whole, List<GapEntry> Tail) Expected(IReadOnlyList<ScriptedRecord> tape)
    {
        var deriver = new RowDeriver(DerivationState.Start, Support.Venue);
        var tracker = new GapTracker(GapTrackerState.Start, Support.Venue);
        deriver.Records.Add(tracker);
        for (var seq = 0; seq < tape.Count; seq++) deriver.Take(tape[seq].At(seq));
        var content = new List<GapEntry>();
        foreach (var gap in tracker.Entries)
        {
            var told = gap.Repaired ? content.FindLastIndex(other => other.IsSameGap(gap)) : -1;
            if (told < 0) content.Add(gap);
            else content[told] = gap;
        }

        return (content, [.. tracker.Unsettled()]);
    }

    private void AssertLedger(List<GapEntry> whole, List<GapEntry> tail, string context)
    {
        var report = GapReports.Read(TestDisk.Files, Vault, Support.Venue, long.MaxValue, CancellationToken.None);
        List<GapEntry> expected = [.. whole, .. tail];
        Assert.True(expected.SequenceEqual(report.Gaps),
            $"{context}\n{string.Join('\n', expected.Except(report.Gaps))}\nfound\n{string.Join('\n', report.Gaps.Except(expected))}");
    }

    private void RecordAndSeal(IReadOnlyList<ScriptedRecord> tape, Random chance)
    {
        for (var from = 0; from < tape.Count;)
        {
            var to = Math.Min(tape.Count, from + chance.Next(1, 500));
            Record(tape, from, to);
            Seal(chance.Next(20, 400));
            from = to;
        }
    }

    private void Record(IReadOnlyList<ScriptedRecord> tape, int from, int to)
    {
        using var writer = TapeWriter.Open(TestDisk.Files, TapeRange.Folder(Vault), new TapeOptions { SegmentBytesMax = 40_000, BlockBytesMax = 2000 }, _time,
            new Random(1), Owner);
        foreach (var record in tape.Skip(from).Take(to - from)) writer.Append(record.Kind, record.Connection, record.Time, record.Payload);
        writer.Commit();
    }

    private void Seal(int rows = 1_000_000)
    {
        using var sealer = Sealer.Open(TestDisk.Files, Vault, new SealLimits { Rows = rows, OverlapRows = rows / 2 }, Support.Venue, _time, Owner,
            new TextPartWriter());
        sealer.Advance(_seals.Add, all: true);
    }
}
