using Tape.Core.Errors;
using Tape.Core.Files;
using Tape.TestKit.Files;

namespace Tape.Storage.Tests.Files;

public sealed class FaultyFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Synced_bytes_under_a_synced_name_survive_every_crash()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var files = new FaultyFiles(_folder.Path, seed);
            using var file = Write(files, $"a{seed}", "durable");
            file.Sync();
            files.SyncFolder(_folder.Path);
            file.Write(7, new byte[2000]);
            files.Crash();
            Assert.Throws<CrashException>(() => file.Length);
            files.Restart();
            Assert.StartsWith("durable", File.ReadAllText(_folder[$"a{seed}"]));
        }
    }

    [Fact]
    public void Unsynced_bytes_are_lost_kept_or_torn_as_the_seed_decides()
    {
        var lengths = Enumerable.Range(0, 60).Select(seed =>
        {
            var files = new FaultyFiles(_folder.Path, seed);
            using var file = Write(files, $"b{seed}", "");
            files.SyncFolder(_folder.Path);
            file.Write(0, Enumerable.Repeat((byte)7, 4096).ToArray());
            files.Crash();
            files.Restart();
            return File.ReadAllBytes(_folder[$"b{seed}"]) is var now && now.All(value => value == 7) ? now.Length : -1;
        }).ToHashSet();
        Assert.Contains(0, lengths);
        Assert.Contains(4096, lengths);
        Assert.Contains(-1, lengths);
    }

    [Fact]
    public void Unsynced_names_come_back_or_go_and_replaced_content_returns()
    {
        var seen = Enumerable.Range(0, 60).Select(seed =>
        {
            File.WriteAllText(_folder["old"], "old");
            var files = new FaultyFiles(_folder.Path, seed);
            using (var file = Write(files, "new", "new")) file.Sync();
            files.Move(_folder["new"], _folder["old"], overwrite: true);
            files.Crash();
            files.Restart();
            var state = (File.ReadAllText(_folder["old"]), File.Exists(_folder["new"]) ? File.ReadAllText(_folder["new"]) : null);
            File.Delete(_folder["new"]);
            return state;
        }).ToHashSet();
        Assert.Equal([("new", null), ("old", null), ("old", "new")], seen.Order());
    }

    [Fact]
    public void A_deleted_file_may_be_back_after_a_crash_and_is_not_once_its_folder_was_synced()
    {
        bool IsBack(int seed, bool sync)
        {
            File.WriteAllText(_folder["x"], "x");
            var files = new FaultyFiles(_folder.Path, seed);
            files.Delete(_folder["x"]);
            if (sync) files.SyncFolder(_folder.Path);
            files.Restart();
            return File.Exists(_folder["x"]);
        }

        Assert.Contains(Enumerable.Range(0, 20), seed => IsBack(seed, sync: false));
        Assert.DoesNotContain(Enumerable.Range(0, 20), seed => IsBack(seed, sync: true));
    }

    [Fact]
    public void A_file_that_others_wrote_is_unsynced_until_synced_through_the_seam()
    {
        var survived = 0;
        for (var seed = 0; seed < 30; seed++)
        {
            File.Delete(_folder["parquet"]);
            var files = new FaultyFiles(_folder.Path, seed);
            File.WriteAllBytes(_folder["parquet"], new byte[3000]);
            File.WriteAllBytes(_folder["synced"], new byte[3000]);
            using (var file = files.Open(_folder["synced"], FileUse.Write)) file.Sync();
            files.Crash();
            files.Restart();
            if (File.ReadAllBytes(_folder["parquet"]).Length == 3000) survived++;
            Assert.Equal(new byte[3000], File.ReadAllBytes(_folder["synced"]));
        }
        Assert.InRange(survived, 1, 29);
    }

    [Fact]
    public void The_nth_operation_fails_as_scripted_and_later_ones_do_not()
    {
        var files = new FaultyFiles(_folder.Path, 3);
        using var file = Write(files, "a", "12");
        Assert.Equal(2, files.Operations);
        files.FailAt(3, Fault.ShortWrite);
        Assert.ThrowsAny<IOException>(() => file.Write(0, new byte[1000]));
        Assert.InRange(file.Length, 2, 999);
        file.Write(0, "34"u8);
        files.FailAt(5, Fault.Error);
        Assert.ThrowsAny<IOException>(file.Sync);
        file.Sync();
    }

    [Fact]
    public void A_full_disk_takes_what_fits_and_more_when_room_returns()
    {
        var files = new FaultyFiles(_folder.Path, 4) { CapacityBytes = 10 };
        using var file = Write(files, "a", "12345");
        Assert.Throws<DiskFullException>(() => file.Write(5, "67890ABC"u8));
        Assert.Equal(10, file.Length);
        Assert.Equal(0, files.FreeBytes(_folder.Path));
        file.Write(0, "overwriting needs no room"u8[..10]);
        files.CapacityBytes = 100;
        file.Write(10, "more"u8);
    }

    public void Dispose() => _folder.Dispose();

    private IFileHandle Write(FaultyFiles files, string name, string text)
    {
        var file = files.Open(_folder[name], FileUse.CreateNew);
        if (text.Length > 0) file.Write(0, System.Text.Encoding.UTF8.GetBytes(text));
        return file;
    }
}
