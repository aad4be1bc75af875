using Tape.Core.Values;
using Tape.Storage.Tapes;
using Tape.TestKit.Files;
using Tape.TestKit.Memory;
using Xunit.Abstractions;

namespace Tape.Storage.Tests.Tapes;

public sealed class RoundTripTests(ITestOutputHelper output) : IDisposable
{
    private readonly TapeFixture _tape = new();

    [UnixRulesFact("is about bytes, not about files, and takes long")]
    public void Random_mixes_of_records_come_back_byte_for_byte_over_rolls_and_reopenings()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var chance = new Random(seed);
        for (var run = 0; run < 15; run++)
        {
            using var tape = new TapeFixture();
            tape.Options = tape.Options with
            {
                SegmentBytesMax = chance.Next(200, 20_000),
                BlockBytesMax = chance.Next(1, 3000),
                PendingBytesMax = chance.Next(1, 50_000),
            };
            var expected = new List<Kept>();
            for (var opening = 0; opening < 3; opening++)
            {
                using var writer = tape.Open(seed);
                Assert.Equal(expected.Count, writer.NextSeq);
                Assert.Null(writer.Recovery);
                for (var count = chance.Next(120); count > 0; count--) AppendRandom(writer, chance, expected);
                writer.Commit();
                Assert.Equal((expected.Count, 0), (writer.SyncedSeq, writer.PendingBytes));
            }
            Assert.True(expected.SequenceEqual(tape.ReadAll()), $"seed {seed} run {run}");
            var from = chance.Next(expected.Count + 1);
            Assert.True(expected.Skip(from).SequenceEqual(tape.ReadAll(from)), $"seed {seed} run {run} from {from}");
            var report = TapeVerifier.Run(TestDisk.Files, tape.Folder);
            Assert.DoesNotContain(report.Damage,
                damage => !damage.Contains("expected no time before") && !damage.Contains("note ") && !damage.Contains("tick "));
            Assert.Equal(expected.Count, report.Records);
        }
    }

    [UnixRulesFact("is about bytes, not about files, and takes long")]
    public void A_frame_of_64_MiB_is_a_block_of_its_own_and_a_longer_one_is_refused()
    {
        var frame = TapeFixture.Frame(1, TapeWriter.RecordBytesMax);
        using (var writer = _tape.Open())
        {
            writer.Append(RecordKind.Frame, 1, _tape.Now(), "small"u8);
            writer.Append(RecordKind.Frame, 1, _tape.Now(), frame);
            writer.Append(RecordKind.Frame, 1, _tape.Now(), "small again"u8);
            writer.Commit();
            Assert.Throws<ArgumentOutOfRangeException>(() => writer.Append(RecordKind.Frame, 1, _tape.Now(), new byte[TapeWriter.RecordBytesMax + 1]));
        }
        var read = _tape.ReadAll();
        Assert.Equal(3, read.Count);
        Assert.True(frame.AsSpan().SequenceEqual(read[1].Payload));
        Assert.True(_tape.Verify().IsGood);
    }

    [Fact]
    public void A_tape_keeps_its_id_and_goes_on_counting_when_opened_again()
    {
        _tape.Record(3);
        using var writer = _tape.Open(seed: 99);
        Assert.Equal(3, writer.NextSeq);
        Assert.Equal(TapeFolder.Segments(TestDisk.Files, _tape.Folder)[0].TapeId, writer.TapeId);
        Assert.InRange(writer.TapeId, 1, long.MaxValue);
    }

    [Fact]
    public void What_was_not_committed_is_not_there()
    {
        using (var writer = _tape.Open())
        {
            writer.Append(RecordKind.Frame, 1, _tape.Now(), "a"u8);
            writer.Commit();
            writer.Append(RecordKind.Frame, 1, _tape.Now(), "b"u8);
            Assert.True(writer.PendingBytes > 0);
        }
        Assert.Single(_tape.ReadAll());
    }

    [Fact]
    public void A_reader_starts_before_the_tape_exists_and_follows_it_over_rolls()
    {
        using var reader = TapeReader.Open(_tape.Files, _tape.Folder);
        Assert.False(reader.TryRead(out _));
        using var writer = _tape.Open();
        for (var number = 0; number < 100; number++)
        {
            Assert.False(reader.TryRead(out _));
            writer.Append(RecordKind.Frame, 5, _tape.Now(), TapeFixture.Frame(number, 200));
            Assert.False(reader.TryRead(out _));
            writer.Commit();
            Assert.True(reader.TryRead(out var record));
            Assert.Equal((number, 5), (record.Seq, record.Connection));
            Assert.True(record.Payload.SequenceEqual(TapeFixture.Frame(number, 200)));
            Assert.Equal(number + 1, reader.NextSeq);
        }
        Assert.True(_tape.SegmentPaths().Length > 3);
    }

    [Fact]
    public void A_reader_that_starts_in_the_future_waits_for_its_record()
    {
        _tape.Record(2);
        using var reader = TapeReader.Open(_tape.Files, _tape.Folder, 4);
        Assert.False(reader.TryRead(out _));
        using var writer = _tape.Open();
        for (var number = 2; number < 6; number++) writer.Append(RecordKind.Frame, 1, _tape.Now(), [(byte)number]);
        writer.Commit();
        Assert.True(reader.TryRead(out var record));
        Assert.Equal(4, record.Seq);
        Assert.Equal([4], record.Payload.ToArray());
    }

    [Fact]
    public void Seeking_a_time_gives_a_record_from_which_on_nothing_at_or_after_it_is_missed()
    {
        _tape.Record(200);
        var all = _tape.ReadAll();
        foreach (var number in (int[])[0, 1, 57, 133, 199])
        {
            var seq = TapeReader.SeekTime(_tape.Files, _tape.Folder, new UnixNanos(all[number].Time));
            Assert.InRange(seq, 0, number);
            Assert.InRange(number - seq, 0, 5);
        }
        Assert.Equal(200, TapeReader.SeekTime(_tape.Files, _tape.Folder, new UnixNanos(all[^1].Time + 1)));
        foreach (var index in Directory.GetFiles(_tape.Folder, "*.index")) File.Delete(index);
        Assert.InRange(TapeReader.SeekTime(_tape.Files, _tape.Folder, new UnixNanos(all[133].Time)), 128, 133);
    }

    [Fact]
    public void Segments_that_expire_while_the_tape_is_opened_do_not_hinder_it()
    {
        _tape.Record(200);
        var segments = _tape.SegmentPaths();
        File.Delete(Path.ChangeExtension(segments[0], ".index"));
        // The keeper of another process: the first index is being built, the list of segments is known.
        _tape.Files = new WatchedFiles(TestDisk.Files, () =>
        {
            if (!File.Exists(Path.ChangeExtension(segments[0], ".index"))) return;
            foreach (var path in segments[1..3]) File.Delete(path);
            File.Delete(Path.ChangeExtension(segments[1], ".index"));
        });
        using var writer = _tape.Open();
        Assert.Equal(200, writer.NextSeq);
        Assert.All(segments[1..3], path => Assert.False(File.Exists(path)));
    }

    [Fact]
    public void A_missing_or_damaged_index_is_not_needed_and_is_built_again_by_the_next_writer()
    {
        _tape.Record(200);
        var indexes = Directory.GetFiles(_tape.Folder, "*.index").Order(StringComparer.Ordinal).ToArray();
        Assert.True(indexes.Length > 3);
        var good = File.ReadAllBytes(indexes[0]);
        var bad = (byte[])good.Clone();
        bad[20] ^= 1;
        File.WriteAllBytes(indexes[0], bad);
        File.Delete(indexes[1]);
        Assert.Equal(140, _tape.ReadAll(60).Count);
        Assert.Contains("does not fit", Assert.Single(_tape.Verify().Damage));
        _tape.Open().Dispose();
        Assert.Equal(good, File.ReadAllBytes(indexes[0]));
        Assert.True(File.Exists(indexes[1]));
        Assert.True(_tape.Verify().IsGood);
    }

    [Fact]
    public void Segments_tell_their_ranges_and_times()
    {
        _tape.Record(100);
        var segments = TapeFolder.Segments(_tape.Files, _tape.Folder);
        Assert.Equal(_tape.SegmentPaths(), segments.Select(segment => segment.Path));
        Assert.Equal(100, segments[^1].NextSeq);
        Assert.All(segments.Zip(segments.Skip(1)), pair => Assert.Equal((pair.First.NextSeq, true), (pair.Second.FirstSeq, pair.First.IsFinished)));
        Assert.False(segments[^1].IsFinished);
        var all = _tape.ReadAll();
        Assert.All(segments, segment =>
            Assert.Equal((all[(int)segment.FirstSeq].Time, all[(int)segment.NextSeq - 1].Time), (segment.MinTime!.Value.Value, segment.MaxTime!.Value.Value)));
    }

    [UnixRulesFact("is about bytes, not about files, and takes long")]
    public void Appending_and_reading_allocate_nothing_per_record()
    {
        _tape.Options = new();
        using var writer = _tape.Open();
        var payload = TapeFixture.Frame(1, 200);
        for (var round = 0; round < 3; round++) Fill(writer, payload);
        var appended = Allocations.Least(() =>
        {
            for (var count = 0; count < 2_000; count++) writer.Append(RecordKind.Frame, count & 3, _tape.Now(), payload);
        });
        writer.Commit();
        using var reader = TapeReader.Open(_tape.Files, _tape.Folder, 10_000);
        Assert.True(reader.TryRead(out _));
        for (var count = 0; count < 20_000; count++) reader.TryRead(out _);
        var read = Allocations.Least(() =>
        {
            for (var count = 0; count < 300; count++) Assert.True(reader.TryRead(out _));
        });
        Assert.Equal((0, 0), (appended, read));
    }

    private void Fill(TapeWriter writer, byte[] payload)
    {
        for (var count = 0; count < 10_000; count++) writer.Append(RecordKind.Frame, count & 3, _tape.Now(), payload);
        writer.Commit();
    }

    private static void AppendRandom(TapeWriter writer, Random chance, List<Kept> expected)
    {
        var record = new Kept((RecordKind)chance.Next(1, 6), chance.Next(5) == 0 ? chance.NextInt64(long.MinValue, long.MaxValue) : chance.Next(4),
            chance.Next(9) == 0 ? chance.NextInt64(long.MinValue, long.MaxValue) : 1_700_000_000_000_000_000 + chance.Next(1_000_000),
                TapeFixture.Frame(chance.Next(), chance.Next(chance.Next(1, 1500))));
        writer.Append(record.Kind, record.Connection, new UnixNanos(record.Time), record.Payload);
        expected.Add(record);
        if (chance.Next(6) == 0) writer.Commit();
    }

    public void Dispose() => _tape.Dispose();
}
