using Tape.Core.Values;
using Tape.Storage.Gaps;
using Tape.Storage.Retention;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Storage.Segments;
using Tape.Storage.Tapes;
using Tape.Storage.Tests.Tapes;
using Tape.TestKit.Files;

namespace Tape.Storage.Tests.Retention;

/// <summary>A tape with seals and a keeper, with short words for what tests do to them.</summary>
internal sealed class RetentionRig : IDisposable
{
    public TapeFixture Tape { get; } = new();
    public ExpiryRules Rules { get; set; } = new() { Keep = TimeSpan.FromDays(100_000) };
    public ScriptedVerifier Verifier { get; } = new();
    public List<RetentionEvent> Events { get; } = [];
    /// <summary>Whether sealing brings the gap ledger up, too.</summary>
    public bool KeepsLedger { get; set; } = true;

    public string Vault => Path.GetDirectoryName(Tape.Folder)!;
    public string KeptFolder => Path.Combine(Tape.Folder, "kept");

    /// <summary>Commits seals of the given lengths after the last one; they hold no parts.</summary>
    public void Seal(params long[] ends)
    {
        using var log = SealLog.Open(TestDisk.Files, Vault, TapeFixture.Owner);
        var tape = TapeFolder.Segments(TestDisk.Files, Tape.Folder)[0].TapeId.ToString("x16");
        foreach (var end in ends)
        {
            var from = log.Committed.Count == 0 ? 0 : log.Committed[^1].ToSeqExcl;
            log.AppendSeal(new FirstSealEntry(log.NextId, tape, from, end, "1", [], [], null));
            log.AppendCommit(log.Committed.Count + 1);
        }

        if (ends.Length > 0 && KeepsLedger) CoverTo(ends[^1]);
    }

    /// <summary>Brings the gap ledger up to a record; it tells of no hole.</summary>
    public void CoverTo(long seq)
    {
        using var ledger = GapLedger.Open(TestDisk.Files, Vault, TapeFolder.Segments(TestDisk.Files, Tape.Folder)[0].TapeId.ToString("x16"));
        ledger.Append(new GapBatch(seq, [], [], "{}"));
    }

    public TapeRetention Open() => TapeRetention.Open(Tape.Files, Vault, Rules, Verifier, Tape.Time, Pace.Full, TapeFixture.Owner);

    /// <summary>Opens the keeper, lets it do all that is to do, and closes it.</summary>
    public async Task Advance()
    {
        using var keeper = Open();
        await keeper.AdvanceAsync(Events.Add, CancellationToken.None);
    }

    public IReadOnlyList<SegmentInfo> Segments() => TapeFolder.Segments(TestDisk.Files, Tape.Folder);

    public SegmentHistory History() => SegmentHistory.Read(TestDisk.Files, Tape.Folder);

    public void Dispose() => Tape.Dispose();
}

/// <summary>A verifier that finds what a test says, and gives one row of table "t" for each record.</summary>
internal sealed class ScriptedVerifier : IRangeVerifier
{
    /// <summary>The fault of the seal that begins at a record.</summary>
    public Dictionary<long, string> Faults { get; } = [];

    /// <summary>Records that can't be decoded.</summary>
    public HashSet<long> Undecodable { get; } = [];

    public List<long> Verified { get; } = [];

    public string DecoderVersion => "1";

    public Task<RangeVerdict> VerifyAsync(SealEntry seal, SealEntry? before, IReadOnlyList<long> cuts, UndecodableTaker undecodable, Pace pace,
        CancellationToken cancel)
    {
        Assert.Equal(seal.FromSeq, before?.ToSeqExcl ?? 0);
        Verified.Add(seal.FromSeq);
        if (Faults.GetValueOrDefault(seal.FromSeq) is { } fault) return Task.FromResult(new RangeVerdict(fault, []));
        foreach (var seq in Undecodable.Where(seq => seq >= seal.FromSeq && seq < seal.ToSeqExcl))
            undecodable(new TapeRecord(seq, RecordKind.Frame, 1, new UnixNanos(seq), "no frame"u8), "scripted");
        long[] bounds = [seal.FromSeq, .. cuts, seal.ToSeqExcl];
        var pieces = Enumerable.Range(0, bounds.Length - 1).Select(piece => Rows(bounds[piece], bounds[piece + 1]));
        return Task.FromResult(new RangeVerdict(null, [.. pieces]));
    }

    /// <summary>What a range gives.</summary>
    public static RangeRows Rows(long from, long to) =>
        new([new TableRows("t", to - from, new RowHash((ulong)to * (ulong)to - (ulong)from * (ulong)from, 7 * (ulong)(to - from)).ToString())], 0);
}
