using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Storage.Compaction;
using Tape.Storage.Journal;
using Tape.Storage.Retention;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Storage.Segments;
using Tape.TestKit.Files;
using Tape.TestKit.Vaults;

namespace Tape.Storage.Tests.Seals;

/// <summary>A vault may come from elsewhere: entries whose checksum is right are refused when they point outside, or lack what an entry must have.</summary>
public sealed class ForgedEntryTests : IDisposable
{
    private const string Good = "raw/v1/trades/venue=binance/date=2026-11-21/part-0.parquet";
    private const string Range = "\"tape\":\"0000000000abcdef\",\"from_seq\":0,\"to_seq_excl\":10,\"decoder\":\"1\"";
    private const string Rest = "\"streams\":[]";

    private static readonly string[] BadPaths =
    [
        "../outside.parquet", "raw/../../outside.parquet", "raw/v1/../../../outside.parquet", "/etc/outside.parquet", "raw//etc/outside.parquet",
            "C:/outside.parquet",
        "raw/C:/outside.parquet", "raw/v1/a.parquet:stream.parquet", "raw\\\\..\\\\..\\\\outside.parquet", "raw/v1/./a.parquet", "raw/v1/a./b.parquet",
            "tape/a.parquet",
        "raw/seals.log", "raw/v1/a\\u0000.parquet", "", "raw/v1/a b.parquet", "~/a.parquet",
    ];

    private readonly TemporaryFolder _vault = new();

    public void Dispose() => _vault.Dispose();

    public static TheoryData<string, string> SealKinds() => Each(
        ("seal", path => [Seal("seal", 1, path)]),
        ("supersede", path => [Seal("seal", 1, Good), Commit(1), Seal("supersede", 2, path, ",\"replaces\":1,\"generation\":1")]),
        ("fold", path => [Seal("seal", 1, Good), Commit(1), Seal("fold", 2, path)]),
        ("commit", path => [Seal("seal", 1, Good), Commit(1, $",\"files\":[{ForgedLog.SealedFile(path)}]")]),
        ("front", path => [Front(path: path)]),
        ("kept", path => [Front(kept: 1), Seal("kept", 1, path)]));

    [Theory]
    [MemberData(nameof(SealKinds))]
    public void A_path_of_a_seal_that_leaves_the_vault_is_refused_before_anything_is_done(string kind, string lines)
    {
        ForgedLog.Put(PartPath.SealLog(_vault.Path), lines.Split('\n'));
        var before = File.ReadAllText(PartPath.SealLog(_vault.Path));
        Assert.Contains(kind, lines, StringComparison.Ordinal);
        Assert.Throws<DamagedException>(() => SealLog.Read(TestDisk.Files, _vault.Path));
        Assert.Throws<DamagedException>(() => SealLog.Open(TestDisk.Files, _vault.Path, new OwnerInfo("test", 1, new UnixNanos(0))));
        Assert.Equal(before, File.ReadAllText(PartPath.SealLog(_vault.Path)));
    }

    [Fact]
    public void An_archive_that_leaves_the_vault_is_refused()
    {
        foreach (var path in BadPaths.Append("raw/v1/x.log.br").Select(path => path.Replace(".parquet", ".log.br", StringComparison.Ordinal)))
        {
            ForgedLog.Put(PartPath.SealLog(_vault.Path), Front(archive: path, kept: 0));
            Assert.Throws<DamagedException>(() => SealLog.Read(TestDisk.Files, _vault.Path));
        }
    }

    [Fact]
    public void A_file_of_a_finished_day_that_leaves_the_vault_is_refused()
    {
        foreach (var path in BadPaths.Append(Good))
        {
            ForgedLog.Put(CompactPath.Log(_vault.Path), Day(path));
            Assert.Throws<DamagedException>(() => CompactHistory.Read(TestDisk.Files, _vault.Path));
            Assert.Throws<DamagedException>(() => CompactLog.Open(TestDisk.Files, _vault.Path, new OwnerInfo("test", 1, new UnixNanos(0))));
        }

        ForgedLog.Put(CompactPath.Log(_vault.Path), Day("compact/v1/trades/venue=binance/date=2026-11-21/day.parquet"));
        Assert.Single(CompactHistory.Read(TestDisk.Files, _vault.Path).Days);
    }

    [Theory]
    [InlineData("../../etc/passwd0000")]
    [InlineData("0000000000ABCDEF")]
    [InlineData("abc")]
    [InlineData("")]
    public void A_tape_that_is_no_id_is_refused_since_files_are_named_after_it(string tape)
    {
        ForgedLog.Put(PartPath.SealLog(_vault.Path), Seal("seal", 1, Good).Replace("0000000000abcdef", tape, StringComparison.Ordinal));
        Assert.Throws<DamagedException>(() => SealLog.Read(TestDisk.Files, _vault.Path));
        var segments = SegmentHistory.PathOf(_vault["tape"]);
        ForgedLog.Put(segments, Segment().Replace("0000000000abcdef", tape, StringComparison.Ordinal));
        Assert.Throws<DamagedException>(() => SegmentHistory.Read(TestDisk.Files, _vault["tape"]));
        ForgedLog.Put(segments, Segment());
        Assert.Single(SegmentHistory.Read(TestDisk.Files, _vault["tape"]).Segments);
    }

    [Theory]
    [InlineData("files")]
    [InlineData("streams")]
    [InlineData("tape")]
    [InlineData("decoder")]
    public void A_seal_without_a_field_that_it_must_have_is_damage(string field)
    {
        var seal = Seal("seal", 1, Good).Replace($"\"{field}\":", $"\"no_{field}\":", StringComparison.Ordinal);
        ForgedLog.Put(PartPath.SealLog(_vault.Path), seal);
        var fault = Assert.Throws<DamagedException>(() => SealLog.Read(TestDisk.Files, _vault.Path));
        Assert.Contains(field, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"rows\":1", "\"rows\":-1")]
    [InlineData("\"from_seq\":0", "\"from_seq\":-9223372036854775808")]
    [InlineData("\"to_seq_excl\":10", "\"to_seq_excl\":-10")]
    [InlineData("\"hash\":\"0", "\"hash\":\"x")]
    [InlineData("\"streams\":[]", "\"streams\":[null]")]
    [InlineData("\"venue\":\"binance\"", "\"venue\":null")]
    public void A_seal_with_a_value_that_can_not_be_is_damage(string right, string wrong)
    {
        ForgedLog.Put(PartPath.SealLog(_vault.Path), Seal("seal", 1, Good));
        Assert.NotNull(SealLog.Read(TestDisk.Files, _vault.Path).Pending);
        ForgedLog.Put(PartPath.SealLog(_vault.Path), Seal("seal", 1, Good).Replace(right, wrong, StringComparison.Ordinal));
        Assert.Throws<DamagedException>(() => SealLog.Read(TestDisk.Files, _vault.Path));
    }

    [Fact]
    public void A_commit_with_other_files_than_announced_is_damage()
    {
        ForgedLog.Put(PartPath.SealLog(_vault.Path), Seal("seal", 1, Good),
            Commit(1, $",\"files\":[{ForgedLog.SealedFile(Good.Replace("part-0", "part-1", StringComparison.Ordinal))}]"));
        Assert.Throws<DamagedException>(() => SealLog.Read(TestDisk.Files, _vault.Path));
    }

    [Fact]
    public void A_seal_that_leaves_records_out_is_damage()
    {
        ForgedLog.Put(PartPath.SealLog(_vault.Path), Seal("seal", 1, Good), Commit(1),
            Seal("seal", 2, Good).Replace("\"from_seq\":0,\"to_seq_excl\":10", "\"from_seq\":11,\"to_seq_excl\":20", StringComparison.Ordinal));
        Assert.Throws<DamagedException>(() => SealLog.Read(TestDisk.Files, _vault.Path));
    }

    private static string Seal(string kind, int id, string path, string more = "") =>
        $$"""{"entry":"{{kind}}","id":{{id}},{{Range}},"files":[{{ForgedLog.SealedFile(path)}}],{{Rest}}{{more}}}""";

    private static string Commit(int id, string more = "") => $$"""{"entry":"commit","id":{{id}}{{more}}}""";

    private static string Front(string? path = null, string? archive = null, int kept = 0) =>
        $$"""{"entry":"front","id":1,"tape":"0000000000abcdef","to_seq_excl":0,"kept":{{kept}},"archives":[{{(archive is null ? "" :
            $$"""{"path":"{{archive}}","from_seq":0,"to_seq_excl":10,"seals":1,"bytes":1}""")}}],"files":[{{(path is null ? "" : ForgedLog.SealedFile(path))}}],"streams":[],"seals":0}""";

    private static string Day(string path) =>
        $$"""{"entry":"day","day":"2026-11-21","generation":0,"tables":[{"raw":{"table":"trades","venue":"binance","rows":1,"hash":"{{new string('0', 32)}}"},"path":"{{path}}","rows":1,"bytes":1,"hash":"{{new string('0', 32)}}","checksum":"00000000","duplicates":0,"duplicates_hash":"{{new string('0', 32)}}"}],"raw_files":1}""";

    private static string Segment() =>
        """{"entry":"segment","tape":"0000000000abcdef","first_seq":0,"next_seq":10,"bytes":100,"compressed_bytes":50,"sha256":"00","records":{"frame":10}}""";

    private static TheoryData<string, string> Each(params (string Kind, Func<string, string[]> Lines)[] kinds)
    {
        var data = new TheoryData<string, string>();
        foreach (var (kind, lines) in kinds)
            foreach (var path in BadPaths) data.Add(kind, string.Join('\n', lines(path)));
        return data;
    }
}
