using Tape.Core.Errors;
using Tape.Core.Files;

namespace Tape.TestKit.Files;

/// <summary>What every <see cref="IFiles"/> promises. Derive, and give the implementation for a real empty folder.</summary>
public abstract class FilesContract : IDisposable
{
    private readonly TemporaryFolder _folder = new(onDisk: true);

    protected abstract IFiles Create(string folder);

    private IFiles Files => field ??= Create(_folder.Path);

    [Fact]
    public void What_is_written_is_read_back_at_any_offset()
    {
        using var file = Files.Open(_folder["a"], FileUse.CreateNew);
        file.Write(0, "hello"u8);
        file.Write(3, "p me"u8);
        Assert.Equal(7, file.Length);
        Assert.Equal("help me", ReadAll(file));
        var two = new byte[2];
        Assert.Equal(2, file.Read(5, two));
        Assert.Equal(1, file.Read(6, two));
        Assert.Equal(0, file.Read(70, two));
    }

    [Fact]
    public void A_new_file_must_not_exist_and_others_must()
    {
        Assert.ThrowsAny<IOException>(() => Files.Open(_folder["a"], FileUse.Read));
        Assert.ThrowsAny<IOException>(() => Files.Open(_folder["a"], FileUse.Write));
        Put("a", "old");
        Assert.ThrowsAny<IOException>(() => Files.Open(_folder["a"], FileUse.CreateNew));
        Files.Open(_folder["a"], FileUse.Replace).Dispose();
        Assert.Equal(0, Files.FileLength(_folder["a"]));
    }

    [UnixFact]
    public void A_private_folder_is_for_its_owner_only_and_one_that_is_there_stays_as_it_is()
    {
        if (OperatingSystem.IsWindows()) return;
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead
            | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        Files.CreateFolder(_folder["vault", "tape"], isPrivate: true);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(_folder["vault", "tape"]) & others);
        Files.CreateFolder(_folder["open"]);
        var mode = File.GetUnixFileMode(_folder["open"]);
        Assert.Equal(mode, File.GetUnixFileMode(_folder["vault"]));
        Files.CreateFolder(_folder["open"], isPrivate: true);
        Assert.Equal(mode, File.GetUnixFileMode(_folder["open"]));
    }

    [Fact]
    public void A_file_or_folder_is_no_link_and_nothing_is_none()
    {
        Put("a", "x");
        Files.CreateFolder(_folder["folder"]);
        Assert.False(Files.IsLink(_folder["a"]));
        Assert.False(Files.IsLink(_folder["folder"]));
        Assert.False(Files.IsLink(_folder["nothing"]));
    }

    [UnixFact]
    public void A_link_is_seen_and_nothing_is_opened_through_it()
    {
        Put("a", "kept");
        File.CreateSymbolicLink(_folder["link"], _folder["a"]);
        Directory.CreateSymbolicLink(_folder["folder-link"], _folder.Path);
        File.CreateSymbolicLink(_folder["to-nothing"], _folder["nothing"]);
        foreach (var name in new[] { "link", "folder-link", "to-nothing" }) Assert.True(Files.IsLink(_folder[name]), name);
        foreach (var use in Enum.GetValues<FileUse>())
        {
            Assert.ThrowsAny<Exception>(() => Files.Open(_folder["link"], use).Dispose());
            Assert.ThrowsAny<Exception>(() => Files.Open(_folder["to-nothing"], use).Dispose());
        }

        Assert.Throws<DamagedException>(() => Files.TryLock(_folder["to-nothing"]));
        Assert.Throws<DamagedException>(() => Files.Open(_folder["link"], FileUse.Replace));
        Assert.False(Files.FileExists(_folder["nothing"]));
        Assert.Equal("kept", Get("a"));
    }

    [Fact]
    public void A_folder_in_the_place_of_a_file_is_said()
    {
        Files.CreateFolder(_folder["a"]);
        foreach (var use in new[] { FileUse.Read, FileUse.Write, FileUse.Replace })
            Assert.Contains("folder", Assert.ThrowsAny<IOException>(() => Files.Open(_folder["a"], use)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cutting_and_extending_gives_zeros()
    {
        using var file = Files.Open(_folder["a"], FileUse.CreateNew);
        file.Write(0, "hello"u8);
        file.SetLength(2);
        file.SetLength(4);
        file.Sync();
        Assert.Equal("he\0\0", ReadAll(file));
    }

    [Fact]
    public void A_reader_sees_what_a_writer_that_is_still_open_wrote()
    {
        using var writer = Files.Open(_folder["a"], FileUse.CreateNew);
        using var reader = Files.Open(_folder["a"], FileUse.Read);
        writer.Write(0, "now"u8);
        Assert.Equal("now", ReadAll(reader));
    }

    [Fact]
    public void Moving_replaces_only_when_asked()
    {
        Put("a", "new");
        Put("b", "old");
        Assert.ThrowsAny<IOException>(() => Files.Move(_folder["a"], _folder["b"], overwrite: false));
        Files.Move(_folder["a"], _folder["b"], overwrite: true);
        Files.SyncFolder(_folder.Path);
        Assert.False(Files.FileExists(_folder["a"]));
        Assert.Equal("new", Get("b"));
    }

    [Fact]
    public void Deleting_what_is_not_there_is_nothing()
    {
        Files.Delete(_folder["a"]);
        Files.Delete(_folder["no", "folder"]);
        Put("a", "x");
        Files.Delete(_folder["a"]);
        Assert.False(Files.FileExists(_folder["a"]));
    }

    [Fact]
    public void Lists_are_in_ordinal_order_and_empty_for_an_absent_folder()
    {
        foreach (var name in (string[])["b", "a", "C", "10", "9"]) Put(name, name);
        Files.CreateFolder(_folder["z", "y"]);
        Files.CreateFolder(_folder["z", "y"]);
        Assert.Equal(["10", "9", "C", "a", "b"], Files.ListFiles(_folder.Path));
        Assert.Equal(["z"], Files.ListFolders(_folder.Path));
        Assert.Empty(Files.ListFiles(_folder["absent"]));
        Assert.Empty(Files.ListFolders(_folder["absent"]));
    }

    [Fact]
    public void A_lock_has_one_holder_at_a_time()
    {
        using (Files.TryLock(_folder["lock"])) Assert.Null(Files.TryLock(_folder["lock"]));
        using var again = Files.TryLock(_folder["lock"]);
        Assert.NotNull(again);
    }

    [Fact]
    public void There_is_room() => Assert.True(Files.FreeBytes(_folder.Path) > 0);

    public void Dispose() => _folder.Dispose();

    private void Put(string name, string text)
    {
        using var file = Files.Open(_folder[name], FileUse.CreateNew);
        file.Write(0, System.Text.Encoding.UTF8.GetBytes(text));
    }

    private string Get(string name)
    {
        using var file = Files.Open(_folder[name], FileUse.Read);
        return ReadAll(file);
    }

    private static string ReadAll(IFileHandle file)
    {
        var bytes = new byte[file.Length];
        Assert.Equal(bytes.Length, file.Read(0, bytes));
        return System.Text.Encoding.UTF8.GetString(bytes);
    }
}
