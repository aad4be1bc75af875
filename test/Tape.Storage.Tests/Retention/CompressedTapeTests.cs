using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Storage.Retention;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Format;
using Tape.Storage.Tests.Tapes;
using Tape.TestKit.Files;
using Tape.TestKit.Proofs;
using Xunit.Abstractions;

namespace Tape.Storage.Tests.Retention;

/// <summary>Whatever reads a tape need not know which segments are compressed.</summary>
public sealed class CompressedTapeTests(ITestOutputHelper output) : IDisposable
{
    private readonly RetentionRig _rig = new();

    [UnixRulesFact("is about bytes, not about files, and takes long")]
    public async Task Random_tapes_are_read_back_and_searched_the_same_after_compression()
    {
        var seed = Environment.TickCount & 0xFFFF;
        output.WriteLine($"seed {seed}");
        foreach (var round in ProofShare.Current.Of(Enumerable.Range(0, 9)))
        {
            using var rig = new RetentionRig();
            var chance = new Random(seed + round);
            WriteRandom(rig.Tape, chance, out var end);
            var before = rig.Tape.ReadAll();
            var times = Enumerable.Range(0, 40).Select(_ => new UnixNanos(chance.Next(-5, 5_000))).ToList();
            var found = times.Select(time => TapeReader.SeekTime(TestDisk.Files, rig.Tape.Folder, time)).ToList();
            var segments = rig.Segments();
            var report = rig.Tape.Verify();
            rig.Seal(end);
            await rig.Advance();

            Assert.All(rig.Segments().SkipLast(1), segment => Assert.NotNull(segment.CompressedBytes));
            Assert.Equal(segments, rig.Segments().Select(segment => segment with { CompressedBytes = null }));
            Assert.True(before.SequenceEqual(rig.Tape.ReadAll()), $"seed {seed}, round {round}");
            for (var tries = 0; tries < 20 && before.Count > 0; tries++)
            {
                var from = chance.Next(before.Count);
                Assert.True(before.Skip(from).SequenceEqual(rig.Tape.ReadAll(from)), $"seed {seed}, round {round}, from {from}");
            }
            Assert.Equal(found, times.Select(time => TapeReader.SeekTime(TestDisk.Files, rig.Tape.Folder, time)));
            // Times are random, so that the check of times has something to say; it must say the same.
            var after = rig.Tape.Verify();
            Assert.Equal((report.Records, report.Blocks, report.Bytes), (after.Records, after.Blocks, after.Bytes));
            Assert.Equal(report.Damage, after.Damage);
        }
    }

    [Fact]
    public async Task A_segment_stays_plain_until_a_record_behind_it_is_sealed()
    {
        _rig.Tape.Record(100);
        var first = _rig.Segments()[0];
        _rig.Seal(first.NextSeq);
        await _rig.Advance();
        Assert.All(_rig.Segments(), segment => Assert.Null(segment.CompressedBytes));
        _rig.Seal(first.NextSeq + 1);
        await _rig.Advance();
        Assert.Equal([0], _rig.Segments().Where(segment => segment.CompressedBytes is not null).Select(segment => segment.FirstSeq));
    }

    [Fact]
    public async Task A_reader_with_the_plain_file_open_goes_on_into_compressed_ones()
    {
        _rig.Tape.Record(100);
        using var reader = TapeReader.Open(TestDisk.Files, _rig.Tape.Folder);
        Assert.True(reader.TryRead(out _));
        _rig.Seal(100);
        await _rig.Advance();
        var seq = 0L;
        while (reader.TryRead(out var record)) Assert.Equal(++seq, record.Seq);
        Assert.Equal(99, seq);
    }

    [Fact]
    public async Task Every_segment_is_listed_with_the_hash_of_its_exact_bytes()
    {
        _rig.Tape.Record(100);
        var bytes = File.ReadAllBytes(_rig.Tape.SegmentPaths()[1]);
        var second = _rig.Segments()[1];
        _rig.Seal(100);
        await _rig.Advance();
        var listed = _rig.History().Find(second.FirstSeq)!.Segment;
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), listed.Sha256);
        Assert.Equal((second.FirstSeq, second.NextSeq, second.Bytes, second.MinTime!.Value.Value),
            (listed.FirstSeq, listed.NextSeq, listed.Bytes, listed.MinTime!.Value));
        Assert.Equal(second.NextSeq - second.FirstSeq, listed.Records["frame"]);
        Assert.Equal(_rig.Segments().Count - 1, _rig.History().Segments.Count);
    }

    [Fact]
    public async Task The_writer_goes_on_behind_compressed_segments_and_builds_a_missing_index_from_one()
    {
        _rig.Tape.Record(100);
        _rig.Seal(100);
        await _rig.Advance();
        var index = Directory.GetFiles(_rig.Tape.Folder, "*.index").Order(StringComparer.Ordinal).First();
        var content = File.ReadAllBytes(index);
        File.Delete(index);
        _rig.Tape.Record(30);
        Assert.Equal(content, File.ReadAllBytes(index));
        Assert.Equal(130, _rig.Tape.ReadAll().Count);
        Assert.Empty(_rig.Tape.Verify().Damage);
    }

    [Fact]
    public async Task When_only_compressed_segments_are_left_the_tape_goes_on_in_a_new_one()
    {
        _rig.Tape.Record(100);
        _rig.Seal(100);
        await _rig.Advance();
        var last = _rig.Segments()[^1];
        File.Delete(last.Path);
        _rig.Tape.Record(5);
        Assert.Equal(last.FirstSeq + 5, _rig.Tape.ReadAll().Count);
        Assert.Empty(_rig.Tape.Verify().Damage);
    }

    [Fact]
    public async Task A_damaged_chunk_is_told_with_its_place_and_what_lies_outside_is_still_verified()
    {
        var path = await CompressOneLargeSegment();
        using (var file = File.Open(path, FileMode.Open))
        {
            file.Position = file.Length / 2;
            file.Write(new byte[64]);
        }
        var report = _rig.Tape.Verify();
        Assert.Contains(report.Damage,
            damage => damage.Contains(".tapez: at byte", StringComparison.Ordinal) && damage.Contains("are lost", StringComparison.Ordinal));
        Assert.InRange(report.Records, 10_000, 29_999);
        var fault = Assert.Throws<DamagedException>(() => _rig.Tape.ReadAll());
        Assert.Contains(".tapez: at byte", fault.Message, StringComparison.Ordinal);
    }

    [UnixRulesFact("is about bytes, not about files, and takes long")]
    public async Task Every_damaged_byte_of_a_head_is_noticed()
    {
        _rig.Tape.Record(40);
        _rig.Seal(40);
        await _rig.Advance();
        var path = _rig.Segments()[0].FilePath;
        var good = File.ReadAllBytes(path);
        for (var at = 0; at < CompressedHead.BytesFor(1); at++)
        {
            var bad = good.ToArray();
            bad[at] ^= 1;
            File.WriteAllBytes(path, bad);
            Assert.Throws<DamagedException>(() => _rig.Tape.ReadAll());
            Assert.NotEmpty(_rig.Tape.Verify().Damage);
        }
        File.WriteAllBytes(path, good[..^1]);
        Assert.Throws<DamagedException>(() => _rig.Tape.ReadAll());
    }

    [Fact]
    public async Task A_damaged_segment_stays_plain_and_is_told_and_the_others_are_compressed()
    {
        _rig.Tape.Record(100);
        var path = _rig.Tape.SegmentPaths()[1];
        var bytes = File.ReadAllBytes(path);
        bytes[500] ^= 1;
        File.WriteAllBytes(path, bytes);
        _rig.Seal(100);
        await _rig.Advance();
        Assert.Equal([path], _rig.Segments().SkipLast(1).Where(segment => segment.CompressedBytes is null).Select(segment => segment.Path));
        Assert.Single(_rig.Events, told => told.Act == RetentionAct.Hindered);
    }

    public void Dispose() => _rig.Dispose();

    private async Task<string> CompressOneLargeSegment()
    {
        _rig.Tape.Options = new() { SegmentBytesMax = 4 << 20, BlockBytesMax = 10_000 };
        using (var writer = _rig.Tape.Open())
        {
            for (var number = 0; number < 30_000; number++) writer.Append(RecordKind.Frame, 1, new UnixNanos(number), TapeFixture.Frame(number % 1000, 150));
            writer.Commit();
        }
        _rig.Seal(30_000);
        await _rig.Advance();
        return _rig.Segments()[0].FilePath;
    }

    private static void WriteRandom(TapeFixture tape, Random chance, out long end)
    {
        tape.Options = tape.Options with { SegmentBytesMax = chance.Next(1_000, 20_000), BlockBytesMax = chance.Next(100, 3_000) };
        using var writer = tape.Open(chance.Next());
        for (var number = chance.Next(600); number >= 0; number--)
        {
            writer.Append((RecordKind)chance.Next(1, 7), chance.Next(4), new UnixNanos(chance.Next(4_000)),
                TapeFixture.Frame(chance.Next(), chance.Next(0, chance.Next(20) == 0 ? 5_000 : 200)));
            if (chance.Next(5) == 0) writer.Commit();
        }
        writer.Commit();
        end = writer.NextSeq;
    }
}
