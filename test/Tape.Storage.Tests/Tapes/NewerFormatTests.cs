using System.Buffers.Binary;
using System.Text;
using Tape.Core.Errors;
using Tape.Storage.Journal;
using Tape.Storage.Retention;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Storage.Segments;
using Tape.Storage.Tapes.Format;
using Tape.Storage.Tests.Retention;
using Tape.TestKit.Files;

namespace Tape.Storage.Tests.Tapes;

/// <summary>A vault that a newer program wrote: everybody says so, and nobody changes a byte.</summary>
public sealed class NewerFormatTests : IDisposable
{
    private readonly RetentionRig _rig = new();

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    public void A_segment_of_a_newer_version_is_read_by_nobody_and_neither_cut_nor_deleted(int frames)
    {
        _rig.Tape.Record(frames);
        var path = _rig.Tape.SegmentPaths()[^1];
        SetVersion(path, crcAt: 60);
        AssertUntouched("format version 2 of segments, expected version 1",
            () => _rig.Tape.Open().Dispose(),
            () => _rig.Tape.ReadAll(),
            () => _rig.Tape.Verify(),
            () => _rig.Segments());
    }

    [Fact]
    public async Task A_compressed_segment_of_a_newer_version_is_read_by_nobody()
    {
        _rig.Tape.Record(100);
        _rig.Seal(100);
        await _rig.Advance();
        SetVersion(_rig.Segments()[0].FilePath, crcAt: 60);
        AssertUntouched("format version 2 of compressed segments, expected version 1", () => _rig.Tape.ReadAll(), () => _rig.Tape.Verify());
    }

    [Fact]
    public void An_index_of_a_newer_version_is_told_left_alone_and_done_without()
    {
        _rig.Tape.Record(100);
        var path = Path.ChangeExtension(_rig.Tape.SegmentPaths()[0], ".index");
        var before = _rig.Tape.ReadAll();
        var bytes = File.ReadAllBytes(path);
        bytes[8] = 2;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4), Crc32C.Of(bytes.AsSpan(0, bytes.Length - 4)));
        File.WriteAllBytes(path, bytes);
        _rig.Tape.Open().Dispose();
        Assert.Equal(bytes, File.ReadAllBytes(path));
        Assert.Equal(before, _rig.Tape.ReadAll());
        Assert.Contains("found version 2, expected 1", Assert.Single(_rig.Tape.Verify().Damage), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"entry":"weave","id":3,"into":"raw/v1/x"}""", "an entry 'weave'")]
    [InlineData("""{"entry":"commit","v":3,"id":2,"how":"new"}""", "a line of version 3, expected version 2")]
    [InlineData("""{"entry":"seal","id":2,"tape":"0000000000000001","from_seq":1,"to_seq_excl":2,"decoder":"9","files":[{"table":"trades","venue":"binance","day":"2026-11-21","path":"raw/v2/trades/a.parquet","rows":1,"bytes":1,"hash":"0","received_min":1,"received_max":1}],"streams":[]}""", "parts of schema v2 (raw/v2/trades/a.parquet), expected schema v1")]
    public void A_seal_log_with_a_line_of_a_newer_program_is_neither_read_nor_cut(string json, string found)
    {
        _rig.Tape.Record(3);
        _rig.Seal(1);
        AppendLine(PartPath.SealLog(_rig.Vault), json);
        AssertUntouched(found,
            () => SealLog.Read(TestDisk.Files, _rig.Vault),
            () => SealLog.Open(TestDisk.Files, _rig.Vault, TapeFixture.Owner).Dispose());
    }

    [Theory]
    [InlineData("""{"entry":"moved","tape":"0000000000000001","first_seq":0,"to":"elsewhere"}""", "an entry 'moved'")]
    [InlineData("""{"entry":"expired","v":3,"tape":"0000000000000001","first_seq":0,"at":1,"why":"age"}""", "a line of version 3, expected version 2")]
    public async Task A_segment_list_with_a_line_of_a_newer_program_is_neither_read_nor_cut(string json, string found)
    {
        _rig.Tape.Record(100);
        _rig.Seal(100);
        await _rig.Advance();
        AppendLine(SegmentHistory.PathOf(_rig.Tape.Folder), json);
        AssertUntouched(found, () => _rig.History(), () => _rig.Open().Dispose());
    }

    [Fact]
    public void Fields_that_a_newer_program_adds_to_lines_that_are_known_are_ignored()
    {
        _rig.Tape.Record(3);
        _rig.Seal(1);
        AppendLine(PartPath.SealLog(_rig.Vault), """{"entry":"seal","id":2,"tape":"0000000000000001","from_seq":1,"to_seq_excl":2,"decoder":"9","files":[],"streams":[],"mood":"fine"}""");
        Assert.Equal(2, SealLog.Read(TestDisk.Files, _rig.Vault).Pending!.Id);
    }

    public void Dispose() => _rig.Dispose();

    /// <summary>Appends a line that follows those that are there.</summary>
    private static void AppendLine(string path, string json)
    {
        var chain = new LineChain();
        foreach (var line in File.ReadAllLines(path)) chain.Take(Encoding.UTF8.GetBytes(line[CheckedLine.PrefixBytes..]));
        var entry = Encoding.UTF8.GetBytes(json);
        File.AppendAllBytes(path, json.Contains("\"v\":", StringComparison.Ordinal) ? CheckedLine.Write(entry) : chain.Write(entry));
    }

    /// <summary>Makes a header of version 2 that is whole.</summary>
    private static void SetVersion(string path, int crcAt)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[8] = 2;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(crcAt), Crc32C.Of(bytes.AsSpan(0, crcAt)));
        File.WriteAllBytes(path, bytes);
    }

    private void AssertUntouched(string found, params Action[] tries)
    {
        var before = Content();
        foreach (var attempt in tries)
        {
            var fault = Assert.Throws<UnknownVersionException>(attempt);
            Assert.Contains(found, fault.Message, StringComparison.Ordinal);
            Assert.Contains("newer tape program", fault.Hint, StringComparison.Ordinal);
            Assert.Equal(before, Content());
        }
    }

    /// <summary>Every file but the owners' names, which say who looked last.</summary>
    private Dictionary<string, string> Content() => Directory.EnumerateFiles(_rig.Vault, "*", SearchOption.AllDirectories)
        .Where(path => Path.GetFileName(path) is not ("owner.json" or "lock"))
        .ToDictionary(path => path, path => Convert.ToHexString(File.ReadAllBytes(path)));
}
