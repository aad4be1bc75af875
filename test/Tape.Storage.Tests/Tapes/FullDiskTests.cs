using Tape.Core.Errors;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Files;
using Tape.TestKit.Proofs;

namespace Tape.Storage.Tests.Tapes;

public sealed class FullDiskTests : IDisposable
{
    private const int Frames = 240;
    private readonly TapeFixture _tape = new();

    [UnixRulesFact("is about bytes, not about files, and takes long")]
    public void Recording_pauses_says_so_and_goes_on_by_itself_wherever_the_disk_fills_up()
    {
        foreach (var capacity in ProofShare.Current.Of(Enumerable.Range(0, 29).Select(number => 90_000 + 107 * number)))
        {
            using var tape = new TapeFixture();
            var files = new FaultyFiles(tape.Root.Path, capacity) { CapacityBytes = capacity };
            tape.Files = files;
            var pauses = RecordWithPauses(tape, files);
            Assert.True(pauses > 0, $"never full at {capacity}");
            var all = tape.ReadAll();
            Assert.Equal(Enumerable.Range(0, Frames).Select(number => (long)number),
                all.Where(record => record.Kind == RecordKind.Frame).Select(record => record.Connection));
            Assert.Equal(2 * pauses, all.Count(record => record.Kind == RecordKind.Note));
            Assert.True(tape.Verify().IsGood);
            Assert.True(File.Exists(Path.Combine(tape.Folder, "reserve")));
        }
    }

    [Fact]
    public void A_full_disk_does_not_break_the_writer_and_keeps_what_waits()
    {
        var files = new FaultyFiles(_tape.Root.Path, 1);
        _tape.Files = files;
        using var writer = _tape.Open();
        files.CapacityBytes = files.UsedBytes + 100;
        writer.Append(RecordKind.Frame, 1, _tape.Now(), TapeFixture.Frame(1, 500));
        for (var tries = 0; tries < 3; tries++)
        {
            Assert.Throws<DiskFullException>(writer.Commit);
            Assert.Equal((false, 0L, true), (writer.IsBroken, writer.SyncedSeq, writer.PendingBytes > 500));
        }
        files.CapacityBytes = null;
        writer.Commit();
        Assert.Equal((1L, 0L), (writer.SyncedSeq, writer.PendingBytes));
        Assert.True(TapeFixture.Frame(1, 500).AsSpan().SequenceEqual(Assert.Single(_tape.ReadAll()).Payload));
    }

    [Fact]
    public void A_note_goes_ahead_of_what_waits_and_several_fit_into_the_reserve()
    {
        var files = new FaultyFiles(_tape.Root.Path, 1);
        _tape.Files = files;
        using var writer = _tape.Open();
        Assert.True(File.Exists(Path.Combine(_tape.Folder, "reserve")));
        files.CapacityBytes = files.UsedBytes;
        writer.Append(RecordKind.Frame, 1, _tape.Now(), "waits"u8);
        Assert.Throws<DiskFullException>(writer.Commit);
        for (var number = 0; number < 50; number++) Assert.True(writer.TryWriteReserved(_tape.Now(), new PausedNote("full", number).ToJson()));
        Assert.Equal(50, writer.SyncedSeq);
        files.CapacityBytes = null;
        _tape.Time.Advance(TimeSpan.FromSeconds(2));
        writer.Commit();
        Assert.True(File.Exists(Path.Combine(_tape.Folder, "reserve")));
        var all = _tape.ReadAll();
        Assert.Equal((51, "waits"), (all.Count, System.Text.Encoding.ASCII.GetString(all[50].Payload)));
        Assert.Equal(new PausedNote("full", 49), Note.Parse(all[49].Payload));
    }

    [Fact]
    public void When_even_the_reserve_is_used_up_the_note_is_refused_and_nothing_breaks()
    {
        var files = new FaultyFiles(_tape.Root.Path, 1);
        _tape.Files = files;
        using var writer = _tape.Open();
        files.CapacityBytes = files.UsedBytes;
        var note = new PausedNote(new string('x', 3000), 0).ToJson();
        var written = 0;
        while (writer.TryWriteReserved(_tape.Now(), note)) written++;
        Assert.InRange(written, 4, 6);
        Assert.False(writer.IsBroken);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.TryWriteReserved(_tape.Now(), new byte[TapeWriter.ReservedNoteBytesMax + 1]));
        Assert.Equal(written, _tape.ReadAll().Count);
        Assert.True(_tape.Verify().IsGood);
    }

    [Fact]
    public void Appending_beyond_the_limit_on_a_full_disk_refuses_the_record()
    {
        var files = new FaultyFiles(_tape.Root.Path, 1);
        _tape.Files = files;
        using var writer = _tape.Open();
        files.CapacityBytes = files.UsedBytes;
        var appended = 0;
        Assert.Throws<DiskFullException>(() =>
        {
            for (; appended < 1000; appended++) writer.Append(RecordKind.Frame, appended, _tape.Now(), TapeFixture.Frame(appended, 500));
        });
        Assert.InRange(writer.PendingBytes, 1, _tape.Options.PendingBytesMax);
        files.CapacityBytes = null;
        writer.Commit();
        Assert.Equal(appended, writer.SyncedSeq);
        Assert.Equal(appended, _tape.ReadAll().Count);
    }

    [TmpfsFact]
    public void On_a_real_full_disk_recording_pauses_says_so_and_goes_on()
    {
        using var disk = new SmallDisk(_tape.Root["disk"], kibibytes: 512);
        _tape.Options = new TapeOptions { SegmentBytesMax = 100_000 };
        var folder = Path.Combine(disk.Path, "tape");
        File.WriteAllBytes(Path.Combine(disk.Path, "ballast"), new byte[150_000]);
        using var writer = TapeWriter.Open(_tape.Files, folder, _tape.Options, _tape.Time, new Random(1), TapeFixture.Owner);
        var frame = 0;
        Assert.Throws<DiskFullException>(() =>
        {
            for (; frame < 10_000; frame++)
            {
                writer.Append(RecordKind.Frame, frame, _tape.Now(), TapeFixture.Frame(frame, 1000));
                writer.Commit();
            }
        });
        Assert.True(writer.TryWriteReserved(_tape.Now(), new PausedNote("full", 0).ToJson()));
        Assert.Throws<DiskFullException>(() =>
        {
            writer.Append(RecordKind.Frame, frame + 1, _tape.Now(), TapeFixture.Frame(1, 70_000));
            writer.Commit();
        });
        File.Delete(Path.Combine(disk.Path, "ballast"));
        writer.Commit();
        Assert.False(writer.IsBroken);
        var connections = TapeFixture.Read(_tape.Files, folder).Where(record => record.Kind == RecordKind.Frame).Select(record => record.Connection);
        Assert.Equal(Enumerable.Range(0, frame + 2).Select(number => (long)number), connections);
    }

    public void Dispose() => _tape.Dispose();

    /// <summary>Records with a reader at its heels; gives the disk 20 KB more after each pause. What the reader saw must be what stays.</summary>
    private static int RecordWithPauses(TapeFixture tape, FaultyFiles files)
    {
        using var writer = tape.Open();
        using var reader = TapeReader.Open(files, tape.Folder);
        var (seen, pauses) = (new List<long>(), 0);
        files.WhenFull = () => Follow(reader, seen);
        for (var number = 0; number < Frames; number++)
        {
            writer.Append(RecordKind.Frame, number, tape.Now(), TapeFixture.Frame(number, 370));
            while (number % 7 == 6 || number == Frames - 1)
            {
                try
                {
                    writer.Commit();
                    break;
                }
                catch (DiskFullException)
                {
                    Follow(reader, seen);
                    Assert.True(writer.TryWriteReserved(tape.Now(), new PausedNote("full", 0).ToJson()));
                    Assert.True(writer.TryWriteReserved(tape.Now(), new PausedNote("still full", 0).ToJson()));
                    pauses++;
                    files.CapacityBytes += 100_000;
                    tape.Time.Advance(TimeSpan.FromSeconds(2));
                }
            }
            Follow(reader, seen);
        }
        Assert.Equal(tape.ReadAll().Select(record => record.Connection), seen);
        return pauses;
    }

    private static void Follow(TapeReader reader, List<long> seen)
    {
        while (reader.TryRead(out var record))
        {
            Assert.Equal(seen.Count, record.Seq);
            seen.Add(record.Connection);
        }
    }
}
