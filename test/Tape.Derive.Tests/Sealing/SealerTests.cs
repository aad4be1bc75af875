using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Derive.Decoding;
using Tape.Derive.Rows;
using Tape.Derive.Sealing;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Storage.Tapes;
using Tape.TestKit.Files;
using Tape.TestKit.Tapes;
using Tape.TestKit.Time;

namespace Tape.Derive.Tests.Sealing;

/// <summary>When ranges are sealed and what their seals say.</summary>
public sealed class SealerTests : IDisposable
{
    private static readonly OwnerInfo Owner = new("tests", 1, new UnixNanos(0), null);

    private readonly TemporaryFolder _root = new();
    private readonly FakeTime _time = new();
    private readonly TextPartWriter _writer = new();
    private readonly List<SealReport> _seals = [];
    private readonly IReadOnlyList<ScriptedRecord> _script = Support.Tape(seed: 4, records: 800);
    private int _next;

    private string Vault => _root["vault"];

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_range_is_sealed_when_the_interval_is_over()
    {
        Record(100);
        using var sealer = Open(new SealLimits { Interval = TimeSpan.FromSeconds(60) });
        sealer.Advance(_seals.Add, all: false);
        _time.Advance(TimeSpan.FromSeconds(59.9));
        sealer.Advance(_seals.Add, all: false);
        Assert.Empty(_seals);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        sealer.Advance(_seals.Add, all: false);
        Assert.Equal((0, 100), Range(Assert.Single(_seals)));
        Record(50);
        sealer.Advance(_seals.Add, all: false);
        Assert.Single(_seals);
        _time.Advance(TimeSpan.FromSeconds(60));
        sealer.Advance(_seals.Add, all: false);
        Assert.Equal((100, 150), Range(_seals[1]));
    }

    [Fact]
    public void A_range_is_sealed_at_the_limit_of_rows_in_the_middle_of_what_there_is()
    {
        Record(800);
        using var sealer = Open(new SealLimits { Rows = 60 });
        sealer.Advance(_seals.Add, all: false);
        Assert.True(_seals.Count > 3);
        // One frame may bring several rows (a book change), so a range holds the limit and less than one frame more.
        Assert.All(_seals, seal => Assert.InRange(seal.Rows, 60, 120));
        AssertFollow();
    }

    [Fact]
    public void A_range_is_sealed_at_the_limit_of_bytes()
    {
        Record(400);
        using var sealer = Open(new SealLimits { TapeBytes = 10_000 });
        sealer.Advance(_seals.Add, all: false);
        Assert.True(_seals.Count > 3);
        foreach (var seal in _seals)
            Assert.InRange(_script.Skip((int)seal.FromSeq).Take((int)(seal.ToSeqExcl - seal.FromSeq)).Sum(record => record.Payload.Length), 10_000, 14_000);
        AssertFollow();
    }

    [Fact]
    public void Nothing_is_sealed_where_nothing_was_recorded()
    {
        using var sealer = Open(new SealLimits());
        _time.Advance(TimeSpan.FromMinutes(5));
        sealer.Advance(_seals.Add, all: true);
        Record(10);
        sealer.Advance(_seals.Add, all: true);
        sealer.Advance(_seals.Add, all: true);
        Assert.Equal((0, 10), Range(Assert.Single(_seals)));
    }

    [Fact]
    public void A_range_without_rows_is_a_seal_without_files()
    {
        Record(1);
        using var sealer = Open(new SealLimits());
        sealer.Advance(_seals.Add, all: true);
        Assert.Equal((1L, 0, 0L), (_seals[0].ToSeqExcl, _seals[0].Files, _seals[0].Rows));
        Assert.Empty(Assert.Single(Committed()).Files);
    }

    [Fact]
    public void A_seal_over_midnight_has_parts_of_both_days_and_of_all_venues()
    {
        Record(800);
        using (var sealer = Open(new SealLimits())) sealer.Advance(_seals.Add, all: true);
        var files = Assert.Single(Committed()).Files;
        Assert.Equal(["2025-11-21", "2025-11-22"], files.Select(file => $"{file.Day:yyyy-MM-dd}").Distinct().Order());
        Assert.Equal(["binance", RawSchema.HealthExchange, "twin"], files.Select(file => file.Venue).Distinct().Order());
        foreach (var file in files)
        {
            Assert.Equal(file.Day, new UnixNanos(file.ReceivedMin).Day);
            Assert.Equal(file.Day, new UnixNanos(file.ReceivedMax).Day);
            Assert.Contains($"/{file.Table}/venue={file.Venue}/date={file.Day:yyyy-MM-dd}/", file.Path, StringComparison.Ordinal);
        }

        Assert.Equal(DerivedRange.Derive(TestDisk.Files, Vault, 0, 800, DerivationState.Start, Support.Venue).Rows.Rows, files.Sum(file => file.Rows));
    }

    [Fact]
    public void Seals_of_any_size_hold_the_same_rows()
    {
        Record(800);
        using (var sealer = Open(new SealLimits { Rows = 90 })) sealer.Advance(_seals.Add, all: true);
        var small = Lines();
        Directory.Delete(Path.Combine(Vault, "raw"), recursive: true);
        using (var sealer = Open(new SealLimits())) sealer.Advance(_seals.Add, all: true);
        Assert.Single(Committed());
        Assert.Equal(small, Lines());
    }

    [Fact]
    public void Sealing_beside_derivation_leaves_the_same_log_and_files()
    {
        Record(800);
        using (var sealer = Open(new SealLimits { Rows = 90, OverlapRows = int.MaxValue })) sealer.Advance(_seals.Add, all: true);
        var (alone, lines, reports) = (File.ReadAllText(PartPath.SealLog(Vault)), Lines(), _seals.ToArray());
        // Commits say how far the gap ledger had come, so it too begins anew.
        foreach (var folder in new[] { "raw", "quality" }) Directory.Delete(Path.Combine(Vault, folder), recursive: true);
        _seals.Clear();
        using (var sealer = Open(new SealLimits { Rows = 90, OverlapRows = 1 })) sealer.Advance(_seals.Add, all: true);
        Assert.Equal(alone, File.ReadAllText(PartPath.SealLog(Vault)));
        Assert.Equal(lines, Lines());
        Assert.Equal(reports, _seals);
    }

    [Fact]
    public void A_seal_that_failed_beside_derivation_lets_no_later_range_be_sealed()
    {
        Record(800);
        using (var sealer = Open(new SealLimits { Rows = 90, OverlapRows = 1 }))
        {
            _writer.WritesLeft = 5;
            Assert.Throws<DiskFullException>(() => sealer.Advance(_seals.Add, all: true));
            _writer.WritesLeft = int.MaxValue;
            Assert.Throws<DiskFullException>(() => sealer.Advance(_seals.Add, all: true));
        }

        using (var sealer = Open(new SealLimits { Rows = 90, OverlapRows = 1 })) sealer.Advance(_seals.Add, all: true);
        Assert.Equal(800, _seals[^1].ToSeqExcl);
        AssertFollow();
    }

    [Fact]
    public void An_opened_sealer_goes_on_where_the_last_one_ended()
    {
        for (var run = 0; run < 4; run++)
        {
            Record(100);
            using var sealer = Open(new SealLimits());
            sealer.Advance(_seals.Add, all: true);
        }

        Assert.Equal([(0, 100), (100, 200), (200, 300), (300, 400)], _seals.Select(Range));
        Assert.Equal(DerivedRange.Derive(TestDisk.Files, Vault, 0, 400, DerivationState.Start, Support.Venue).State.ToJson(),
            Committed()[^1].State!.Value.GetRawText());
    }

    [Fact]
    public void An_announced_seal_that_comes_out_in_other_bytes_is_committed_as_it_is()
    {
        Record(200);
        Announce();
        _writer.Head = "a newer library writes this\n";
        using (var sealer = Open(new SealLimits())) Assert.True(sealer.Recovered!.Redone);
        var seal = Assert.Single(Committed());
        Assert.NotEmpty(seal.Files);
        Assert.All(seal.Files, file => Assert.Equal(file.Checksum, PartChecksum.Of(TestDisk.Files, EntryPath.Absolute(Vault, file.Path))));
        Assert.All(seal.Files, file => Assert.Equal(file.Bytes, TestDisk.Files.FileLength(EntryPath.Absolute(Vault, file.Path))));
    }

    [Fact]
    public void An_announced_seal_that_comes_out_with_other_rows_is_refused()
    {
        Record(200);
        Announce();
        var fault = Assert.Throws<DamagedException>(() => Sealer.Open(TestDisk.Files, Vault, new SealLimits(), _ => null, _time, Owner, _writer));
        Assert.Contains("done again", fault.Message, StringComparison.Ordinal);
        Assert.Empty(Committed());
    }

    [Fact]
    public void Seals_that_reach_beyond_an_older_copy_of_the_tape_are_refused_and_nothing_is_changed()
    {
        Record(200);
        var copy = _root["copy"];
        Copy(TapeRange.Folder(Vault), copy);
        Record(200);
        using (var sealer = Open(new SealLimits())) sealer.Advance(_seals.Add, all: true);
        Directory.Delete(TapeRange.Folder(Vault), recursive: true);
        AssertRefused("are sealed, found no tape in");
        Copy(copy, TapeRange.Folder(Vault));
        AssertRefused("are sealed, but the tape ends at 200: it is an older copy than the tables");
        // The same as the recorder does it: new records take the numbers that count as sealed.
        Assert.Contains("records up to 400", Assert.Throws<TapeException>(() => SealedTape.Require(TestDisk.Files, Vault)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Seals_of_another_tape_are_refused()
    {
        Record(100);
        using (var sealer = Open(new SealLimits())) sealer.Advance(_seals.Add, all: true);
        Directory.Delete(TapeRange.Folder(Vault), recursive: true);
        using (TapeWriter.Open(TestDisk.Files, TapeRange.Folder(Vault), new TapeOptions(), _time, new Random(99), Owner))
            AssertRefused("are sealed, found tape ");
    }

    [Fact]
    public void A_sealer_whose_log_went_away_with_its_disk_says_so_and_makes_nothing_in_its_place()
    {
        Record(100);
        using var sealer = Open(new SealLimits());
        sealer.Advance(_seals.Add, all: true);
        Directory.Move(Path.Combine(Vault, "raw"), _root["away"]);
        Assert.Contains("went away", Assert.Throws<TapeException>(() => sealer.Advance(_seals.Add, all: true)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(Vault, "raw")));
    }

    [Fact]
    public void A_wall_clock_that_steps_hurries_no_seal_and_holds_none_up()
    {
        using var sealer = Open(new SealLimits { Interval = TimeSpan.FromSeconds(60) });
        foreach (var step in (TimeSpan[])[TimeSpan.FromDays(1), TimeSpan.FromDays(-2)])
        {
            Record(20);
            sealer.Advance(_seals.Add, all: false);
            var before = _seals.Count;
            _time.StepWall(step);
            sealer.Advance(_seals.Add, all: false);
            Assert.Equal(before, _seals.Count);
            _time.Advance(TimeSpan.FromSeconds(61));
            sealer.Advance(_seals.Add, all: false);
            Assert.Equal(before + 1, _seals.Count);
        }
    }

    [Fact]
    public void A_second_sealer_is_told_who_the_first_one_is()
    {
        using var sealer = Open(new SealLimits());
        Assert.Throws<OwnedElsewhereException>(() => Open(new SealLimits()));
    }

    private void AssertRefused(string found)
    {
        var before = File.ReadAllBytes(PartPath.SealLog(Vault));
        Assert.Contains(found, Assert.Throws<TapeException>(() => Open(new SealLimits()).Dispose()).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(PartPath.SealLog(Vault)));
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var path in Directory.GetFiles(from)) File.Copy(path, Path.Combine(to, Path.GetFileName(path)));
    }

    /// <summary>Leaves a seal that is announced and not committed, as a kill between the two does.</summary>
    private void Announce()
    {
        using (var sealer = Open(new SealLimits())) sealer.Advance(_seals.Add, all: true);
        var path = PartPath.SealLog(Vault);
        var text = File.ReadAllText(path);
        File.WriteAllText(path, text[..(text.IndexOf('\n', StringComparison.Ordinal) + 1)]);
        Assert.Empty(Committed());
    }

    private void Record(int records)
    {
        using var writer = TapeWriter.Open(TestDisk.Files, TapeRange.Folder(Vault), new TapeOptions { SegmentBytesMax = 20_000, BlockBytesMax = 2000 }, _time,
            new Random(1), Owner);
        foreach (var record in _script.Skip(_next).Take(records)) writer.Append(record.Kind, record.Connection, record.Time, record.Payload);
        writer.Commit();
        _next += records;
    }

    private Sealer Open(SealLimits limits) => Sealer.Open(TestDisk.Files, Vault, limits, Support.Venue, _time, Owner, _writer);

    private IReadOnlyList<SealEntry> Committed() => SealLog.Read(TestDisk.Files, Vault).Committed;

    /// <summary>All rows of all files by table, sorted.</summary>
    private List<string> Lines() =>
        [.. Committed().SelectMany(seal => seal.Files)
            .SelectMany(file => File.ReadAllLines(EntryPath.Absolute(Vault, file.Path)).Select(line => $"{file.Table} {file.Venue} {line}"))
            .Order(StringComparer.Ordinal)];

    private void AssertFollow() => Assert.Equal(_seals.Skip(1).Select(seal => seal.FromSeq), _seals.SkipLast(1).Select(seal => seal.ToSeqExcl));

    private static (long, long) Range(SealReport seal) => (seal.FromSeq, seal.ToSeqExcl);
}
