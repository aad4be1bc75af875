using System.Text;
using Tape.Core.Errors;
using Tape.Core.Files;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Files;
using Tape.TestKit.Proofs;

namespace Tape.Storage.Tests.Tapes;

/// <summary>The names of these tests are the specification of recovery.</summary>
public sealed class RecoveryTests : IDisposable
{
    private readonly TapeFixture _tape = new();

    [Fact]
    public void A_tape_that_was_closed_in_order_is_opened_without_a_cut()
    {
        _tape.Record(5);
        using var writer = _tape.Open();
        Assert.Equal((null, 5), (writer.Recovery, writer.NextSeq));
    }

    [Fact]
    public void A_torn_last_record_is_cut_and_reported()
    {
        _tape.Record(5);
        var path = _tape.SegmentPaths()[^1];
        var length = new FileInfo(path).Length;
        SetLength(path, length - 1);
        using (var writer = _tape.Open())
        {
            var cut = Assert.IsType<TapeRecovery>(writer.Recovery);
            Assert.Equal(Path.GetFileName(path), cut.Segment);
            Assert.Equal(length - 1, cut.CutAt + cut.CutBytes);
            Assert.Contains("expected", cut.Found);
            Assert.Equal(5, writer.NextSeq);
        }
        var records = _tape.ReadAll();
        var note = Assert.IsType<RecoveredNote>(Note.Parse(records[4].Payload));
        Assert.Equal(Path.GetFileName(path), note.Segment);
        Assert.True(_tape.Verify().IsGood);
    }

    [UnixRulesFact("is about bytes, not about files, and takes long")]
    public void The_tape_cut_at_any_byte_of_its_last_blocks_keeps_every_whole_block()
    {
        const int Blocks = 4;
        _tape.Record(Blocks, 60);
        var path = _tape.SegmentPaths()[^1];
        var good = File.ReadAllBytes(path);
        var expected = _tape.ReadAll();
        var blockBytes = (good.Length - 64) / Blocks;
        foreach (var length in ProofShare.Current.Of(Enumerable.Range(64, good.Length - 64)))
        {
            File.WriteAllBytes(path, good[..length]);
            var whole = (length - 64) / blockBytes;
            Assert.Equal(expected.Take(whole), _tape.ReadAll());
            using (var writer = _tape.Open()) Assert.Equal((length - 64) % blockBytes != 0, writer.Recovery is not null);
            Assert.Equal(expected.Take(whole), _tape.ReadAll().Take(whole));
            Assert.True(_tape.Verify().IsGood);
        }
    }

    [Fact]
    public void A_segment_without_a_whole_header_is_deleted_and_the_one_before_goes_on()
    {
        _tape.Record(5);
        var next = 5;
        foreach (var bytes in (byte[][])[[], [1, 2, 3], new byte[64]])
        {
            var torn = Path.Combine(_tape.Folder, Path.GetFileName(_tape.SegmentPaths()[0])[..17] + $"{next:x16}.tape");
            File.WriteAllBytes(torn, bytes);
            Assert.True(_tape.Verify().IsGood);
            using var writer = _tape.Open();
            Assert.Equal((Path.GetFileName(torn), 0L, (long)bytes.Length), (writer.Recovery!.Segment, writer.Recovery.CutAt, writer.Recovery.CutBytes));
            Assert.False(File.Exists(torn));
            Assert.IsType<RecoveredNote>(Note.Parse(_tape.ReadAll()[next++].Payload));
        }

        Assert.Equal(8, next);
    }

    [Fact]
    public void A_new_tape_whose_first_header_was_torn_begins_again()
    {
        Directory.CreateDirectory(_tape.Folder);
        File.WriteAllBytes(Path.Combine(_tape.Folder, "00000000000000aa-0000000000000000.tape"), [1]);
        using var writer = _tape.Open();
        Assert.Equal(1, writer.NextSeq);
        Assert.IsType<RecoveredNote>(Note.Parse(Assert.Single(_tape.ReadAll()).Payload));
    }

    [Fact]
    public void Garbage_and_zeros_behind_the_last_block_are_cut()
    {
        _tape.Record(5);
        foreach (var tail in (byte[][])[new byte[5000], TapeFixture.Frame(3, 700),
            Encoding.ASCII.GetBytes("TBLK TBLK TBLK and so on, much longer than a header would ever be, with TBLK in it")])
        {
            using (var file = new FileStream(_tape.SegmentPaths()[^1], FileMode.Append)) file.Write(tail);
            using var writer = _tape.Open();
            Assert.Equal(tail.Length, writer.Recovery!.CutBytes);
        }
        Assert.Equal(8, _tape.ReadAll().Count);
    }

    [Fact]
    public void A_last_commit_of_several_blocks_torn_in_its_first_is_cut_whole()
    {
        _tape.Record(5, 500);
        using (var writer = _tape.Open())
        {
            for (var number = 0; number < 3; number++) writer.Append(RecordKind.Frame, 1, _tape.Now(), TapeFixture.Frame(number, 150));
            writer.Append(RecordKind.Frame, 1, _tape.Now(), TapeFixture.Frame(4, 550));
            writer.Commit();
        }
        Flip(_tape.SegmentPaths()[^1], 64 + 5 * (64 + 512) + 150);
        using var again = _tape.Open();
        Assert.Equal(6, again.NextSeq);
        Assert.NotNull(again.Recovery);
    }

    [Fact]
    public void A_bad_block_that_later_commits_follow_is_damage_nothing_is_cut_and_recording_goes_on_in_a_new_segment()
    {
        _tape.Record(6);
        var path = _tape.SegmentPaths()[^1];
        Flip(path, 300);
        var before = File.ReadAllBytes(path);
        using (var writer = _tape.Open())
        {
            Assert.Contains("damage and not a torn tail", writer.Recovery!.Found);
            Assert.Equal(0, writer.Recovery.CutBytes);
            writer.Append(RecordKind.Frame, 1, _tape.Now(), "goes on"u8);
            writer.Commit();
        }

        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Throws<DamagedException>(() => _tape.ReadAll());
        Assert.Contains("the next good block is at byte", Assert.Single(_tape.Verify().Damage, damage => damage.Contains("checksum")));
        using (var behind = TapeReader.Open(_tape.Files, _tape.Folder, 6))
        {
            var kept = new List<string>();
            while (behind.TryRead(out var record)) kept.Add(Encoding.UTF8.GetString(record.Payload));
            Assert.Equal("goes on", kept[^1]);
            Assert.Contains("damage and not a torn tail", kept[0]);
            Assert.Equal(6 + kept.Count, behind.NextSeq);
        }

        _tape.Record(3);
        Assert.Single(_tape.Verify().Damage, damage => damage.Contains("checksum"));
        Assert.Equal(2, _tape.SegmentPaths().Length);
    }

    [Fact]
    public void Numbers_of_sealed_records_that_the_disk_lost_are_not_given_out_again()
    {
        _tape.Record(6);
        var path = _tape.SegmentPaths()[^1];
        Flip(path, (int)new FileInfo(path).Length - 5);
        _tape.Options = _tape.Options with { SealedTo = 6 };
        using (var writer = _tape.Open())
        {
            Assert.Contains("records 5 to 5 are sealed and lost", writer.Recovery!.Found, StringComparison.Ordinal);
            Assert.True(writer.NextSeq >= 6, $"{writer.NextSeq}");
        }

        using (var reader = TapeReader.Open(_tape.Files, _tape.Folder, 6))
        {
            Assert.True(reader.TryRead(out var first));
            Assert.Equal((6L, RecordKind.Note), (first.Seq, first.Kind));
        }

        Assert.Contains("no segment that begins with record 5", Assert.Throws<DamagedException>(() => _tape.ReadAll()).Message, StringComparison.Ordinal);
        using var again = _tape.Open();
        Assert.Null(again.Recovery);
        Assert.Equal(7, again.NextSeq);
    }

    /// <summary>Wherever a bit flips in the last segment, what was whole keeps its number, and the next opening records.</summary>
    [UnixRulesFact("is about bytes, not about files, and takes long")]
    public void A_flipped_bit_at_every_byte_of_the_last_segment_does_not_stop_the_recording()
    {
        _tape.Record(7, 90);
        var path = Assert.Single(_tape.SegmentPaths());
        var good = File.ReadAllBytes(path);
        var end = _tape.ReadAll().Count;
        var expected = _tape.ReadAll();
        foreach (var at in ProofShare.Current.Of(Enumerable.Range(0, good.Length)))
        {
            var bad = (byte[])good.Clone();
            bad[at] ^= (byte)(1 << (at & 7));
            File.WriteAllBytes(path, bad);
            using (var writer = _tape.Open())
            {
                Assert.NotNull(writer.Recovery);
                writer.Append(RecordKind.Frame, 1, _tape.Now(), "goes on"u8);
                writer.Commit();
                // The last block alone can't be told from one that a crash tore: its number is given out again, and the note says what was cut.
                Assert.True(writer.NextSeq > end || writer.Recovery.CutBytes > 0, $"byte {at}: {writer.NextSeq}");
                Assert.True(writer.Recovery.CutBytes == 0 || writer.Recovery.CutAt >= good.Length - 64 - 110, $"byte {at} cost more than the last block");
            }

            Assert.True(IsPrefix(expected) || _tape.ReadAll().Take(end - 1).SequenceEqual(expected.Take(end - 1)), $"byte {at}");
            foreach (var file in Directory.GetFiles(_tape.Folder)) if (file != path && !file.EndsWith("lock", StringComparison.Ordinal)) File.Delete(file);
        }
    }

    [Fact]
    public void Damage_in_an_older_segment_does_not_stop_the_recording_but_every_reader_that_comes_there()
    {
        _tape.Record(100);
        File.Delete(Path.ChangeExtension(_tape.SegmentPaths()[1], ".index"));
        Flip(_tape.SegmentPaths()[1], 70);
        _tape.Record(1);
        Assert.Throws<DamagedException>(() => _tape.ReadAll());
        Assert.NotEmpty(_tape.Verify().Damage);
    }

    [Fact]
    public void A_missing_segment_in_the_middle_is_told()
    {
        _tape.Record(100);
        File.Delete(_tape.SegmentPaths()[1]);
        Assert.Contains("no segment that begins with record", Assert.Throws<DamagedException>(() => _tape.ReadAll()).Message);
        Assert.Contains(_tape.Verify().Damage, damage => damage.Contains("records are missing"));
    }

    [Fact]
    public void Expired_segments_at_the_beginning_are_no_damage()
    {
        _tape.Record(100);
        var second = TapeFolder.Segments(_tape.Files, _tape.Folder)[1].FirstSeq;
        File.Delete(_tape.SegmentPaths()[0]);
        using var reader = TapeReader.Open(_tape.Files, _tape.Folder);
        Assert.True(reader.TryRead(out var record));
        Assert.Equal(second, record.Seq);
        Assert.True(_tape.Verify().IsGood);
    }

    [Fact]
    public void Segments_of_two_tapes_in_one_folder_are_refused()
    {
        _tape.Record(3);
        File.WriteAllBytes(Path.Combine(_tape.Folder, "00000000000000aa-0000000000000003.tape"), new byte[64]);
        Assert.Throws<DamagedException>(() => _tape.Open());
        Assert.Throws<DamagedException>(() => _tape.ReadAll());
    }

    [UnixRulesFact("is about bytes, not about files, and takes long")]
    public void A_flipped_bit_at_every_byte_is_detected_and_never_gives_wrong_data()
    {
        // Both segments have a first block, one between and a last one: more of them would show no other damage.
        _tape.Options = _tape.Options with { SegmentBytesMax = 800 };
        _tape.Record(7, 90);
        var expected = _tape.ReadAll();
        var paths = _tape.SegmentPaths();
        Assert.Equal(2, paths.Length);
        foreach (var path in paths)
        {
            var good = File.ReadAllBytes(path);
            foreach (var at in ProofShare.Current.Of(Enumerable.Range(0, good.Length)))
            {
                var bad = (byte[])good.Clone();
                bad[at] ^= (byte)(1 << (at & 7));
                File.WriteAllBytes(path, bad);
                Assert.False(_tape.Verify().IsGood, $"byte {at} of {path}");
                Assert.True(IsPrefix(expected), $"byte {at} of {path}");
            }
            File.WriteAllBytes(path, good);
        }
        Assert.True(_tape.Verify().IsGood);
    }

    [Fact]
    public void An_error_breaks_the_writer_and_opening_again_recovers()
    {
        var files = new FaultyFiles(_tape.Root.Path, 5);
        _tape.Files = files;
        using (var writer = _tape.Open())
        {
            writer.Append(RecordKind.Frame, 1, _tape.Now(), "kept"u8);
            writer.Commit();
            files.FailAt(files.Operations + 1, Fault.ShortWrite);
            writer.Append(RecordKind.Frame, 1, _tape.Now(), TapeFixture.Frame(1, 500));
            Assert.Throws<WriterBrokenException>(writer.Commit);
            Assert.True(writer.IsBroken);
            Assert.Throws<WriterBrokenException>(() => writer.Append(RecordKind.Frame, 1, _tape.Now(), "x"u8));
            Assert.Throws<WriterBrokenException>(writer.Commit);
            Assert.Throws<WriterBrokenException>(() => writer.TryWriteReserved(_tape.Now(), "{}"u8));
        }
        using var again = _tape.Open();
        Assert.False(again.IsBroken);
        Assert.Equal("kept"u8.ToArray(), _tape.ReadAll()[0].Payload);
    }

    [Fact]
    public void A_second_writer_is_told_who_holds_the_tape()
    {
        using var writer = _tape.Open();
        var fault = Assert.Throws<OwnedElsewhereException>(() => _tape.Open());
        Assert.Contains("tests, process 4711, started 1970-01-01T00:00:01.000000000Z, port 8080", fault.Message);
        writer.Dispose();
        _tape.Open().Dispose();
    }

    public void Dispose() => _tape.Dispose();

    private bool IsPrefix(List<Kept> expected)
    {
        try
        {
            return _tape.ReadAll().SequenceEqual(expected.Take(_tape.ReadAll().Count));
        }
        catch (DamagedException)
        {
            return true;
        }
    }

    private static void Flip(string path, int at)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[at] ^= 0x10;
        File.WriteAllBytes(path, bytes);
    }

    private static void SetLength(string path, long length)
    {
        using var file = TestDisk.Files.Open(path, FileUse.Write);
        file.SetLength(length);
    }
}
