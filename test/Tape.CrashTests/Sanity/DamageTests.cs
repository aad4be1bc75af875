using Tape.Core.Values;
using Tape.CrashTests.Support;
using Tape.Query.Sanity;
using Tape.Storage.Answers;
using Tape.Storage.Journal;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.DuckDb;
using Tape.TestKit.Files;
using Xunit.Abstractions;

namespace Tape.CrashTests.Sanity;

/// <summary>Each kind of damage is found and named, and nothing else is.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly TestVault _vault = new();
    private readonly ITestOutputHelper _output;

    /// <summary>Three seals and a tail.</summary>
    public DamageTests(ITestOutputHelper output)
    {
        _output = output;
        for (var run = 0; run < 4; run++)
        {
            var first = run * 250;
            _vault.Record(tape =>
            {
                if (first == 0)
                {
                    tape.Start();
                    tape.Connect(1);
                }

                for (var number = first; number < first + 250; number++) tape.Frame(1, _vault.Frames[number]);
            });
            if (run < 3) _vault.Seal();
        }
    }

    public void Dispose() => _vault.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_sound_vault_has_no_findings(bool deep)
    {
        var report = _vault.Check(deep);
        Assert.Empty(report.Findings);
        Assert.True(report.IsSound);
        Assert.Equal((3, deep ? report.Rows : 0), (report.Seals, report.RowsProven));
        Assert.True(report.Rows > 900 && report.TailRows > 200 && _vault.Segments.Length > 4);
        Assert.Empty(report.Downtimes);
        Assert.Empty(report.Jumps);
    }

    [Fact]
    public void Any_changed_byte_of_a_part_is_found_and_the_part_named()
    {
        var seed = Random.Shared.Next();
        _output.WriteLine($"seed {seed}");
        var chance = new Random(seed);
        var file = Part(1, "trades");
        var whole = File.ReadAllBytes(_vault.PathOf(file));
        for (var trial = 0; trial < 25; trial++)
        {
            var changed = (byte[])whole.Clone();
            var at = trial == 0 ? 0 : trial == 1 ? whole.Length - 1 : chance.Next(whole.Length);
            changed[at] ^= (byte)(1 << chance.Next(8));
            File.WriteAllBytes(_vault.PathOf(file), changed);
            AssertNames(_vault.Check(), $"byte {at} of {whole.Length} changed, seed {seed}", file.Path);
        }
    }

    [Fact]
    public void A_changed_byte_of_the_answers_log_is_found()
    {
        using (var log = AnswersWriter.Open(TestDisk.Files, _vault.Path, TimeProvider.System, new Random(1), new OwnerInfo("tests", 1, new UnixNanos(1))))
            for (var n = 0; n < 3; n++) log.Append(new AnswerHead("binance", "instruments", "https://venue.test/", 200, n, n), new byte[2000]);
        Assert.Empty(_vault.Check().Findings);
        var path = Directory.GetFiles(AnswersLog.Folder(_vault.Path), "*.tape").Single();
        var bytes = File.ReadAllBytes(path);
        bytes[200] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.StartsWith("answers log: ", Assert.Single(_vault.Check().Findings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_cut_short_is_named()
    {
        var file = Part(0, "bbo");
        using (var part = File.OpenWrite(_vault.PathOf(file))) part.SetLength(part.Length / 2);
        AssertNames(_vault.Check(deep: true), "cut", file.Path);
    }

    [Fact]
    public void A_missing_part_is_named()
    {
        var file = Part(2, "book");
        File.Delete(_vault.PathOf(file));
        AssertNames(_vault.Check(), "deleted", file.Path, "is missing", $"{file.Rows} rows");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Several_lanes_tell_the_same_in_the_same_order(bool deep)
    {
        foreach (var file in new[] { Part(2, "book"), Part(0, "trades") }) File.Delete(_vault.PathOf(file));
        File.AppendAllText(_vault.PathOf(Part(1, "bbo")), "x");
        var bytes = File.ReadAllBytes(_vault.Segments[^2]);
        bytes[^1] ^= 1;
        File.WriteAllBytes(_vault.Segments[^2], bytes);
        var (one, several) = (_vault.Check(deep), _vault.Check(deep, lanes: 3));
        Assert.InRange(one.Findings.Count, 4, 10);
        Assert.Equal(one.Findings, several.Findings);
        Assert.Equal((one.Files, one.Rows, one.RowsProven), (several.Files, several.Rows, several.RowsProven));
    }

    [Fact]
    public void A_file_of_no_seal_is_named()
    {
        var stray = Path.Combine(Path.GetDirectoryName(_vault.PathOf(Part(0, "trades")))!, "part-copy.parquet");
        File.Copy(_vault.PathOf(Part(0, "trades")), stray);
        AssertNames(_vault.Check(), "stray", "part-copy.parquet", "belongs to no seal");
    }

    [Fact]
    public void A_part_that_lacks_a_row_is_named()
    {
        var file = Part(1, "trades");
        Rewrite(file, $"SELECT * FROM read_parquet('{_vault.PathOf(file)}') LIMIT {file.Rows - 1}", 1);
        AssertNames(_vault.Check(), "row gone", file.Path, "was changed");
    }

    [Fact]
    public void A_part_with_another_value_is_named()
    {
        var file = Part(1, "trades");
        Rewrite(file, $"SELECT * REPLACE (CASE WHEN tape_seq = (SELECT max(tape_seq) FROM read_parquet('{_vault.PathOf(file)}')) THEN price + 1 ELSE price "
            + $"END AS price) FROM read_parquet('{_vault.PathOf(file)}')", 1);
        AssertNames(_vault.Check(), "value changed", file.Path, "was changed");
    }

    [Fact]
    public void A_part_of_another_range_is_named()
    {
        var (first, second) = (Part(0, "trades"), Part(1, "trades"));
        File.Copy(_vault.PathOf(first), _vault.PathOf(second), overwrite: true);
        AssertNames(_vault.Check(), "copied", second.Path, "was changed");
    }

    [Fact]
    public void A_damaged_line_of_the_seal_log_is_named_and_its_files_are_no_strays()
    {
        Flip(PartPath.SealLog(_vault.Path), 100);
        AssertNames(_vault.Check(deep: true), "seal log", "seals.log", "at byte 0");
    }

    [Fact]
    public void A_torn_last_line_of_the_seal_log_is_no_damage()
    {
        using (var log = File.OpenWrite(PartPath.SealLog(_vault.Path))) log.SetLength(log.Length - 3);
        var report = _vault.Check(deep: true);
        Assert.Empty(report.Findings);
        Assert.Equal(2, report.Seals);
        _vault.Seal();
        Assert.Equal((4, 0), (_vault.Check(deep: true).Seals, _vault.Check().TailRows));
    }

    [Theory]
    [InlineData(1, 900)]
    [InlineData(1, 70)]
    [InlineData(0, 5)]
    public void A_damaged_block_of_the_tape_is_named(int segment, int at)
    {
        var path = _vault.Segments[segment];
        Flip(path, at);
        foreach (var deep in new[] { false, true }) AssertNames(_vault.Check(deep), $"flipped {at}", Path.GetFileName(path));
    }

    [Fact]
    public void A_missing_first_segment_is_named()
    {
        File.Delete(_vault.Segments[0]);
        AssertNames(_vault.Check(deep: true), "first segment", "expected 0", "missing");
    }

    [Fact]
    public void A_missing_segment_in_the_middle_is_named()
    {
        File.Delete(_vault.Segments[2]);
        AssertNames(_vault.Check(deep: true), "middle segment", "no segment that begins with record");
    }

    [Fact]
    public void A_tape_that_ends_before_its_seals_is_named()
    {
        foreach (var segment in _vault.Segments[1..]) File.Delete(segment);
        AssertNames(_vault.Check(), "end of the tape", "seals reach record", "but the tape ends at");
    }

    [Fact]
    public void Tables_made_by_other_rules_are_found_by_deriving_again()
    {
        _vault.Seal(_ => null);
        Assert.True(_vault.Check().IsSound);
        var report = _vault.Check(deep: true);
        Assert.All(report.Findings, finding => Assert.StartsWith("seal 4: derived again,", finding, StringComparison.Ordinal));
        Assert.Contains(report.Findings, finding => finding.Contains("undecodable", StringComparison.Ordinal));
        Assert.Contains(report.Findings, finding => finding.Contains("rows of trades of binance", StringComparison.Ordinal));
    }

    /// <summary>A file that was wrong when it was sealed has the checksum that its seal says; then its origin, its rows and their hash speak.</summary>
    [Theory]
    [InlineData("rows", "rows, expected")]
    [InlineData("value", "its rows have hash")]
    [InlineData("range", "says that its first_seq is")]
    public void A_part_that_was_sealed_wrong_is_named(string what, string expected)
    {
        var (first, file) = (Part(0, "trades"), Part(1, "trades"));
        var source = $"read_parquet('{_vault.PathOf(file)}')";
        if (what == "rows") Rewrite(file, $"SELECT * FROM {source} LIMIT 3", 1);
        else if (what == "value") Rewrite(file, $"SELECT * REPLACE (price + 1 AS price) FROM {source}", 1);
        else File.Copy(_vault.PathOf(first), _vault.PathOf(file), overwrite: true);
        Forge(file.Path, PartChecksum.Of(TestDisk.Files, _vault.PathOf(file)));
        AssertNames(_vault.Check(), what, file.Path, expected);
    }

    private static void AssertNames(SanityReport report, string context, params string[] parts)
    {
        Assert.True(report.Findings.Count == 1, $"{report.Findings.Count} findings, expected one: {string.Join('\n', report.Findings)}: {context}");
        Assert.All(parts, part => Assert.Contains(part, report.Findings[0], StringComparison.Ordinal));
        Assert.False(report.IsSound);
    }

    private SealedFile Part(int seal, string table) => _vault.Seals[seal].Files.First(file => file.Table == table);

    /// <summary>Writes the seal log anew with another checksum of one file.</summary>
    private void Forge(string path, string checksum)
    {
        var seals = _vault.Seals.Cast<FirstSealEntry>().ToList();
        File.Delete(PartPath.SealLog(_vault.Path));
        using var log = SealLog.Open(TestDisk.Files, _vault.Path, new OwnerInfo("tests", 1, default, null));
        foreach (var seal in seals)
        {
            log.AppendSeal(seal with { Files = [.. seal.Files.Select(file => file.Path == path ? file with { Checksum = checksum } : file)] });
            log.AppendCommit(seal.Id);
        }
    }

    private static void Flip(string path, int at)
    {
        using var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = at;
        var value = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(value ^ 0x10));
    }

    /// <summary>Writes a part anew with other rows and the same origin.</summary>
    private void Rewrite(SealedFile file, string rows, int seal)
    {
        var entry = _vault.Seals[seal];
        using var database = DuckDbDatabase.Open(new DuckDbOptions());
        using var connection = database.Connect();
        connection.Execute($"CREATE TABLE t AS {rows.Replace("')", "', hive_partitioning = false)", StringComparison.Ordinal)}");
        connection.Execute($"COPY t TO '{_vault.PathOf(file)}' (FORMAT parquet, USE_TMP_FILE false, KV_METADATA {{tapevault_schema: '{RawSchema.Version}', "
            + $"tape_id: '{entry.Tape}', first_seq: '{entry.FromSeq}', last_seq: '{entry.ToSeqExcl - 1}', decoder_version: '{entry.Decoder}'}})");
    }
}
