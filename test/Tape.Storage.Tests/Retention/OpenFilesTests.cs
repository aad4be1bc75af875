using Tape.Core.Errors;
using Tape.Storage.Retention;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.Storage.Tests.Tapes;
using Tape.TestKit.Files;

namespace Tape.Storage.Tests.Retention;

/// <summary>What the storage does where others have files open that it wants to be rid of, which Windows does not let it.</summary>
public sealed class OpenFilesTests : IDisposable
{
    private readonly RetentionRig _rig = new();

    [WindowsRulesFact]
    public async Task A_plain_form_that_is_read_stays_beside_its_compressed_one_until_the_reader_ends()
    {
        _rig.Tape.Record(100);
        _rig.Seal(100);
        var before = _rig.Tape.ReadAll();
        var plain = _rig.Tape.SegmentPaths()[0];
        using var keeper = _rig.Open();
        using (var reader = TapeReader.Open(TestDisk.Files, _rig.Tape.Folder))
        {
            Assert.True(reader.TryRead(out _));
            for (var looks = 0; looks < 3; looks++) await keeper.AdvanceAsync(_rig.Events.Add, CancellationToken.None);
            Assert.True(File.Exists(plain) && File.Exists(Path.ChangeExtension(plain, ".tapez")));
            Assert.Contains("while somebody reads it", Assert.Single(_rig.Events, told => told.Act == RetentionAct.Hindered).Text, StringComparison.Ordinal);
            Assert.Equal(before, _rig.Tape.ReadAll());
        }

        await keeper.AdvanceAsync(_rig.Events.Add, CancellationToken.None);
        Assert.False(File.Exists(plain));
        Assert.Equal(before, _rig.Tape.ReadAll());
        Assert.All(_rig.Segments().SkipLast(1), segment => Assert.NotNull(segment.CompressedBytes));
    }

    [WindowsRulesFact]
    public async Task An_expired_segment_that_is_read_holds_the_later_ones_back_and_all_go_when_the_reader_ends()
    {
        _rig.Tape.Record(100);
        _rig.Seal(100);
        _rig.Rules = new() { KeepBytes = 0 };
        var segments = _rig.Segments();
        Assert.True(segments.Count > 3);
        using (var reader = TapeReader.Open(TestDisk.Files, _rig.Tape.Folder))
        {
            Assert.True(reader.TryRead(out _));
            using (var keeper = _rig.Open())
                for (var looks = 0; looks < 3; looks++) await keeper.AdvanceAsync(_rig.Events.Add, CancellationToken.None);
            Assert.Equal(segments.Select(segment => segment.FirstSeq), _rig.Segments().Select(segment => segment.FirstSeq));
            Assert.Single(_rig.Events, told => told.Text.Contains("has expired by size, but can't be deleted", StringComparison.Ordinal));
            // Opened again as after a restart, with the reader still there.
            await _rig.Advance();
            var next = 0L;
            while (reader.TryRead(out var record)) Assert.Equal(++next, record.Seq);
            Assert.Equal(99, next);
        }

        await _rig.Advance();
        Assert.Single(_rig.Segments());
        Assert.Equal(segments.SkipLast(1).Select(segment => segment.FirstSeq),
            _rig.History().Segments.Where(story => story.Expired is not null).Select(story => story.Segment.FirstSeq));
        Assert.NotNull(_rig.History().WhereIs(0));
    }

    [WindowsRulesFact]
    public void A_program_that_looks_at_the_owner_file_does_not_keep_the_tape_from_being_opened()
    {
        _rig.Tape.Record(3);
        using (((WindowsFiles)TestDisk.Files).HoldAsOtherProgram(Path.Combine(_rig.Tape.Folder, "owner.json")))
            _rig.Tape.Open().Dispose();
        Assert.Equal(3, _rig.Tape.ReadAll().Count);
    }

    [WindowsRulesFact]
    public void On_a_full_disk_a_program_that_reads_the_reserve_takes_the_room_of_the_notes_and_breaks_nothing()
    {
        var files = new FaultyFiles(_rig.Tape.Root.Path, 1);
        _rig.Tape.Files = files;
        using var writer = _rig.Tape.Open();
        files.CapacityBytes = files.UsedBytes;
        writer.Append(RecordKind.Frame, 1, _rig.Tape.Now(), TapeFixture.Frame(1, 500));
        Assert.Throws<DiskFullException>(writer.Commit);
        using (((WindowsFiles)TestDisk.Files).HoldAsOtherProgram(Path.Combine(_rig.Tape.Folder, "reserve")))
            Assert.False(writer.TryWriteReserved(_rig.Tape.Now(), new PausedNote("full", 1).ToJson()));
        Assert.True(writer.TryWriteReserved(_rig.Tape.Now(), new PausedNote("full", 2).ToJson()));
        files.CapacityBytes = null;
        writer.Commit();
        Assert.False(writer.IsBroken);
        Assert.Equal(2, _rig.Tape.ReadAll().Count);
    }

    public void Dispose() => _rig.Dispose();
}
