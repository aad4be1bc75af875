using System.Diagnostics;
using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Storage.Tapes;
using Tape.TestKit.Files;

namespace Tape.Storage.Tests.Tapes;

/// <summary>One writer, any number of readers, in one process or in several.</summary>
public sealed class SharingTests : IDisposable
{
    private readonly TapeFixture _tape = new();

    [Fact]
    public async Task A_reader_beside_a_running_writer_gets_every_record_once_and_whole()
    {
        const int Frames = 20_000;
        _tape.Options = new() { SegmentBytesMax = 100_000, BlockBytesMax = 5_000 };
        var writer = _tape.Open();
        var writing = Task.Run(() =>
        {
            for (var number = 0; number < Frames; number++)
            {
                writer.Append(RecordKind.Frame, number, new UnixNanos(number), TapeFixture.Frame(number, number % 300));
                if (number % 37 == 0) writer.Commit();
            }
            writer.Commit();
        });
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() => Follow(Frames, writing))).ToArray();
        await Task.WhenAll([writing, .. readers]);
        writer.Dispose();
        Assert.True(_tape.Verify().IsGood);
        Assert.True(_tape.SegmentPaths().Length > 20);
    }

    [Fact]
    public void Syncing_what_was_read_touches_the_segments_of_the_range_only()
    {
        _tape.Record(100);
        var files = new TestKit.Files.FaultyFiles(_tape.Root.Path, 1);
        var segments = TapeFolder.Segments(files, _tape.Folder);
        Assert.True(segments.Count > 3);
        TapeFolder.SyncThrough(files, _tape.Folder, segments[1].FirstSeq, segments[2].FirstSeq + 1);
        Assert.Equal(2, files.Operations);
        TapeFolder.SyncThrough(files, _tape.Folder, 0, 100);
        Assert.Equal(2 + segments.Count, files.Operations);
    }

    [FlockFact]
    public void The_lock_keeps_other_processes_out_and_ends_with_the_process_that_held_it()
    {
        _tape.Record(1);
        var path = Path.Combine(_tape.Folder, "lock");
        using (_tape.Open()) Assert.NotEqual(0, SmallDisk.Run("flock", "--nonblock", path, "true"));
        using (var other = Process.Start(
            new ProcessStartInfo("flock", [path, "sh", "-c", "echo held; exec cat"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!)
        {
            Assert.Equal("held", other.StandardOutput.ReadLine());
            Assert.Throws<OwnedElsewhereException>(() => _tape.Open());
            other.StandardInput.Close();
            other.WaitForExit();
        }
        _tape.Open().Dispose();
    }

    public void Dispose() => _tape.Dispose();

    private void Follow(int frames, Task writing)
    {
        using var reader = TapeReader.Open(TestDisk.Files, _tape.Folder);
        var wait = new SpinWait();
        for (var number = 0; number < frames;)
        {
            if (!reader.TryRead(out var record))
            {
                Assert.False(writing.IsFaulted);
                wait.SpinOnce();
                continue;
            }
            Assert.Equal((number, number, number), (record.Seq, record.Connection, record.Time.Value));
            Assert.True(record.Payload.SequenceEqual(TapeFixture.Frame(number, number % 300)));
            number++;
        }
    }
}

/// <summary>A test that needs the <c>flock</c> program to hold a lock in another process.</summary>
internal sealed class FlockFactAttribute : FactAttribute
{
    public FlockFactAttribute()
    {
        if (!File.Exists("/usr/bin/flock")) Skip = "needs the program flock (util-linux) as the other process";
    }
}
