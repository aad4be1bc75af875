using Tape.Cli.Tests.Commands;
using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Derive.Compaction;
using Tape.Derive.Gaps;
using Tape.Derive.Retention;
using Tape.Derive.Sealing;
using Tape.Query.Sanity;
using Tape.Query.Snapshots;
using Tape.Storage.Answers;
using Tape.Storage.Compaction;
using Tape.Storage.Files;
using Tape.Storage.Gaps;
using Tape.Storage.Journal;
using Tape.Storage.Retention;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Storage.Segments;
using Tape.Tables.Compaction;
using Tape.TestKit.Files;
using Tape.TestKit.Time;
using Tape.TestKit.Vaults;
using Tape.Venues;

namespace Tape.Cli.Tests.Proof;

/// <summary>Logs of a vault that were lost, cut, flipped in their last line or exchanged up to the last seal: never taken for the whole.</summary>
public sealed class LostLogsTests : IDisposable
{
    private static readonly OwnerInfo Owner = new("tests", 1, SmallMarket.Start, null);

    private readonly TemporaryFolder _root = new();
    private readonly List<SealReport> _seals = [];

    private string Vault => _root["vault"];

    public void Dispose() => _root.Dispose();

    public static TheoryData<Damage> Damages() => [.. Enum.GetValues<Damage>()];

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_gap_ledger_gives_readers_all_gaps_from_the_tape_and_is_made_again_loudly(Damage damage)
    {
        Fill(expire: false);
        var before = GapReports.Read(DiskFiles.Instance, Vault).Gaps;
        Assert.True(before.Count > 6);
        Apply(damage, GapLedgerContent.PathOf(Vault));
        Assert.NotEmpty(Findings());
        Assert.Equal(before, GapReports.Read(DiskFiles.Instance, Vault).Gaps);
        Seal(480, 490);
        Assert.NotNull(Assert.Single(_seals, seal => seal.LedgerRebuilt is not null).LedgerRebuilt);
        Assert.Empty(Findings());
        var after = GapReports.Read(DiskFiles.Instance, Vault).Gaps;
        Assert.All(before.Where(gap => !gap.IsOpen), gap => Assert.Contains(after, again => again.IsSameGap(gap) && again.Cause == gap.Cause));
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_gap_ledger_of_an_expired_tape_is_refused_by_name(Damage damage)
    {
        Fill(expire: true);
        Assert.NotEmpty(GapReports.Read(DiskFiles.Instance, Vault).Gaps);
        Apply(damage, GapLedgerContent.PathOf(Vault));
        Assert.Contains("gaps.log", Assert.Throws<DamagedException>(() => GapReports.Read(DiskFiles.Instance, Vault)).Message, StringComparison.Ordinal);
        Assert.Contains(Findings(), finding => finding.Contains("gaps.log", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_log_of_finished_days_is_refused_to_readers_and_the_days_are_made_again(Damage damage)
    {
        Fill(expire: false);
        Assert.NotEmpty(CompactHistory.ReadWhole(DiskFiles.Instance, Vault).Days);
        Apply(damage, CompactPath.Log(Vault));
        Assert.Contains("compact.log", Assert.Throws<DamagedException>(() => CompactHistory.ReadWhole(DiskFiles.Instance, Vault)).Message,
            StringComparison.Ordinal);
        Assert.Throws<DamagedException>(() => TapeSnapshot.Take(DiskFiles.Instance, Vault, default).WithFinished());
        Assert.Contains(Findings(), finding => finding.Contains("compact.log", StringComparison.Ordinal));
        if (damage == Damage.Exchanged) return; // A line of another vault is damage of its own: the folder is set aside.
        Compact();
        Seal(480, 490);
        Assert.NotEmpty(CompactHistory.ReadWhole(DiskFiles.Instance, Vault).Days);
        Assert.Empty(Findings());
    }

    [Fact]
    public void Lost_or_exchanged_answers_are_refused_by_name_and_told_by_the_next_seal()
    {
        Fill(expire: false);
        var snapshot = TapeSnapshot.Take(DiskFiles.Instance, Vault, default);
        Assert.Empty(snapshot.Instruments!());
        var (answers, away) = (AnswersLog.Folder(Vault), _root["away"]);
        Directory.Move(answers, away);
        Assert.Contains("no answers log", Refused(snapshot), StringComparison.Ordinal);
        Answer(chance: 99, count: 1);
        Assert.Contains("records of log", Refused(snapshot), StringComparison.Ordinal);
        Assert.Contains(Findings(), finding => finding.Contains("answers", StringComparison.Ordinal));
        Directory.Delete(answers, recursive: true);
        Directory.Move(away, answers);
        Assert.Empty(Findings());
        var segment = Directory.GetFiles(answers, "*.tape").Single();
        var bytes = File.ReadAllBytes(segment);
        bytes[^3] ^= 1;
        File.WriteAllBytes(segment, bytes);
        Answer(chance: 1, count: 0);
        // Opening cut what can't be told from a torn write; the seal log knows better.
        Assert.Contains("expected", Refused(snapshot), StringComparison.Ordinal);
        Seal(480, 490);
        Assert.Contains("answers", Assert.Single(_seals.SelectMany(seal => seal.Losses)), StringComparison.Ordinal);
        Assert.Contains("expected", Refused(snapshot), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_seal_log_is_refused_where_rows_would_be_missing_without_a_word(Damage damage)
    {
        Fill(expire: true);
        Assert.True(SealHeadIsKnown());
        Apply(damage, PartPath.SealLog(Vault));
        var fault = Record.Exception(() => SealLog.Read(DiskFiles.Instance, Vault));
        Assert.True(fault is DamagedException, $"{damage}: {fault}");
        Assert.Contains("seals.log", fault.Message, StringComparison.Ordinal);
        Assert.Throws<DamagedException>(() => SealLog.Open(DiskFiles.Instance, Vault, Owner));
        Assert.NotEmpty(Findings());
        Assert.Contains("expired", ((DamagedException)fault).Hint, StringComparison.Ordinal);
    }

    /// <summary>As docs/operating.md says: lists that know of others first, then those that they know of.</summary>
    [Fact]
    public void A_copy_made_in_the_documented_order_while_it_is_recorded_and_sealed_opens_and_is_sound()
    {
        Fill(expire: false);
        var copy = _root["copy"];
        CopyFiles(copy, "tape/segments.log");
        Seal(480, 520);
        CopyFiles(copy, "raw/seals.log");
        Seal(520, 560);
        foreach (var folder in new[] { "raw", "compact", "quality", "answers", "tape" })
            foreach (var file in Directory.GetFiles(Path.Combine(Vault, folder), "*", SearchOption.AllDirectories))
            {
                var path = Path.GetRelativePath(Vault, file).Replace('\\', '/');
                if (path is not ("tape/segments.log" or "raw/seals.log") && !path.EndsWith("lock", StringComparison.Ordinal)) CopyFiles(copy, path);
            }

        using (var sealer = Sealer.Open(DiskFiles.Instance, copy, new SealLimits(), VenueCatalog.Find, new FakeTime(), Owner))
            sealer.Advance(_ => { }, all: true);
        Assert.Empty(Findings(copy));
        Assert.Equal(GapReports.Read(DiskFiles.Instance, Vault).Gaps, GapReports.Read(DiskFiles.Instance, copy).Gaps);
    }

    [Fact]
    public async Task A_ledger_that_was_made_again_on_purpose_counts_from_then_on()
    {
        Fill(expire: true);
        await InProcess.RunAsync("gaps", "--rebuild", "--vault", Vault);
        Assert.Empty(Findings());
        Assert.NotEmpty(GapReports.Read(DiskFiles.Instance, Vault).Gaps);
    }

    public enum Damage
    {
        Deleted,
        Emptied,
        LastLineCut,
        LastLineFlipped,
        Exchanged,
    }

    private void Apply(Damage damage, string path)
    {
        var bytes = File.ReadAllBytes(path);
        var lastLine = Array.LastIndexOf(bytes, (byte)'\n', bytes.Length - 2) + 1;
        switch (damage)
        {
            case Damage.Deleted:
                File.Delete(path);
                break;
            case Damage.Emptied:
                File.WriteAllBytes(path, []);
                break;
            case Damage.LastLineCut:
                // The seal log grew by a line with each seal since the list of segments spoke of it: so much may go that it shows.
                File.WriteAllBytes(path, path.EndsWith("seals.log", StringComparison.Ordinal) ? bytes[..(bytes.Length / 3)] : bytes[..lastLine]);
                break;
            case Damage.LastLineFlipped:
                bytes[lastLine + 20] ^= 1;
                if (path.EndsWith("seals.log", StringComparison.Ordinal)) bytes[40] ^= 1;
                File.WriteAllBytes(path, bytes);
                break;
            case Damage.Exchanged:
                // Whole lines with right checksums of which one says something else.
                var lines = ForgedLog.Read(path).ToList();
                lines[0] = lines[0].Replace("binance", "binancf", StringComparison.Ordinal);
                ForgedLog.Put(path, lines);
                break;
        }
    }

    private bool SealHeadIsKnown() =>
        File.ReadAllText(SegmentHistory.PathOf(Path.Combine(Vault, "tape"))).Contains("\"seals\":{\"lines\":", StringComparison.Ordinal);

    private static string Refused(VaultSnapshot snapshot) => Assert.Throws<DamagedException>(() => snapshot.Instruments!()).Message;

    private IReadOnlyList<string> Findings(string? vault = null) =>
        new SanityCheck(DiskFiles.Instance, vault ?? Vault).Run(deep: false, _ => { }, CancellationToken.None).Findings;

    private void Fill(bool expire)
    {
        Answer(chance: 1, count: 3);
        Seal(0, 150);
        Seal(160, 400);
        Compact();
        Seal(410, 470);
        if (expire) Expire();
    }

    private void Seal(int from, int toExcl)
    {
        SmallMarket.Record(DiskFiles.Instance, Vault, from, toExcl, TimeSpan.FromSeconds(1));
        using var sealer = Sealer.Open(DiskFiles.Instance, Vault, new SealLimits { Rows = 200 }, VenueCatalog.Find, new FakeTime(), Owner);
        sealer.Advance(_seals.Add, all: true);
    }

    private void Compact()
    {
        using var sealer = Sealer.Open(DiskFiles.Instance, Vault, new SealLimits(), VenueCatalog.Find, new FakeTime(), Owner);
        using var writer = CompactWriter.Open(DiskFiles.Instance, CompactWriter.Limits(Vault));
        using var compactor = DayCompactor.Open(DiskFiles.Instance, Vault, Owner, writer);
        new DayMaker(DiskFiles.Instance, Vault, compactor, writer, sealer.Merge)
            .Run(SealLog.Read(DiskFiles.Instance, Vault), null, (_, _) => { }, _ => { }, _ => { },
            CancellationToken.None);
    }

    private void Expire()
    {
        using var retention = TapeRetention.Open(DiskFiles.Instance, Vault, new ExpiryRules { KeepBytes = 1 },
            new RangeVerifier(DiskFiles.Instance, Vault, VenueCatalog.Find), new FakeTime(), Pace.Full, Owner);
        retention.AdvanceAsync(_ => { }, CancellationToken.None).GetAwaiter().GetResult();
        Assert.NotNull(retention.History.LastExpired);
    }

    private void Answer(int chance, int count)
    {
        using var writer = AnswersWriter.Open(DiskFiles.Instance, Vault, new FakeTime(), new Random(chance), Owner);
        for (var number = 0; number < count; number++)
            writer.Append(new AnswerHead("binance", "time", "https://test/time", 200, number, number), "{}"u8);
    }

    private void CopyFiles(string copy, string path)
    {
        if (!File.Exists(Path.Combine(Vault, path))) return;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(copy, path))!);
        File.Copy(Path.Combine(Vault, path), Path.Combine(copy, path));
    }
}
