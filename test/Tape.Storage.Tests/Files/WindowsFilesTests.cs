using Tape.Core.Files;
using Tape.Storage.Files;
using Tape.Tables.DuckDb;
using Tape.TestKit.Files;

namespace Tape.Storage.Tests.Files;

public sealed class WindowsFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WindowsFiles _files = new(DiskFiles.Instance);

    [Fact]
    public void What_somebody_has_open_is_not_deleted_renamed_or_replaced_by_a_rename()
    {
        Put("a");
        Put("b");
        using (_files.Open(_folder["a"], FileUse.Read))
        {
            Assert.True(IoFaults.IsInUse(Assert.Throws<IOException>(() => _files.Delete(_folder["A"]))));
            Assert.True(IoFaults.IsInUse(Assert.Throws<IOException>(() => _files.Move(_folder["a"], _folder["c"], overwrite: false))));
            Assert.True(IoFaults.IsInUse(Assert.Throws<UnauthorizedAccessException>(() => _files.Move(_folder["b"], _folder["a"], overwrite: true))));
            _files.Open(_folder["a"], FileUse.Replace).Dispose();
            Assert.Equal(3, _files.TakeRefusals(_folder.Path).Count);
        }

        _files.Move(_folder["b"], _folder["a"], overwrite: true);
        _files.Delete(_folder["a"]);
        Assert.Empty(_files.TakeRefusals(_folder.Path));
        Assert.Empty(_files.ListFiles(_folder.Path));
    }

    [Fact]
    public void A_locked_file_can_not_be_opened_and_an_open_one_not_locked()
    {
        using (_files.TryLock(_folder["lock"]))
        {
            Assert.Throws<IOException>(() => _files.Open(_folder["LOCK"], FileUse.Read));
            Assert.Throws<IOException>(() => _files.Delete(_folder["lock"]));
        }

        using (_files.Open(_folder["lock"], FileUse.Read)) Assert.Null(_files.TryLock(_folder["lock"]));
        _files.TryLock(_folder["lock"])!.Dispose();
    }

    [Fact]
    public void A_program_that_lets_others_only_read_keeps_writers_out()
    {
        Put("a");
        using (_files.HoldAsOtherProgram(_folder["a"]))
        {
            _files.Open(_folder["a"], FileUse.Read).Dispose();
            Assert.Throws<IOException>(() => _files.Open(_folder["a"], FileUse.Write));
            Assert.Throws<IOException>(() => _files.Open(_folder["a"], FileUse.Replace));
        }

        _files.Open(_folder["a"], FileUse.Write).Dispose();
    }

    [Fact]
    public void Names_ignore_case_and_keep_it()
    {
        _files.CreateFolder(_folder["Venue", "Day"]);
        Put("Venue/Day/Part");
        Assert.True(_files.FileExists(_folder["VENUE", "day", "part"]));
        Assert.ThrowsAny<IOException>(() => _files.Open(_folder["venue", "DAY", "PART"], FileUse.CreateNew));
        _files.CreateFolder(_folder["venue", "DAY"]);
        Assert.Equal(["Venue"], _files.ListFolders(_folder.Path));
        Assert.Equal(["Part"], _files.ListFiles(_folder["venue", "day"]));
        Put("other");
        Assert.ThrowsAny<IOException>(() => _files.Move(_folder["other"], _folder["Venue", "Day", "PART"], overwrite: false));
        _files.Move(_folder["Venue", "Day", "Part"], _folder["Venue", "Day", "PART"], overwrite: false);
        Assert.Equal(["PART"], _files.ListFiles(_folder["Venue", "Day"]));
    }

    [Theory]
    [InlineData("CON")]
    [InlineData("nul.parquet")]
    [InlineData("Com1.jsonl")]
    [InlineData("LPT9 .x")]
    [InlineData("ends in a dot.")]
    [InlineData("ends in a space ")]
    [InlineData("a:b")]
    [InlineData("what?")]
    [InlineData("back\\slash")]
    [InlineData("line\nfeed")]
    public void Names_that_Windows_refuses_are_refused(string name)
    {
        Assert.Throws<IOException>(() => _files.Open(_folder[name], FileUse.CreateNew));
        Assert.Throws<IOException>(() => _files.CreateFolder(_folder[name, "inside"]));
        Assert.False(_files.FileExists(_folder[name]));
    }

    [Theory]
    [InlineData("console")]
    [InlineData("COM10")]
    [InlineData(".hidden")]
    [InlineData("date=2026-11-21")]
    public void Other_names_are_taken(string name)
    {
        Put(name);
        Assert.Equal([name], _files.ListFiles(_folder.Path));
    }

    [LinuxFact]
    public void What_DuckDB_has_open_in_this_process_counts_as_open()
    {
        var path = _folder["big.parquet"];
        using (var database = DuckDbDatabase.Open(new DuckDbOptions()))
        using (var connection = database.Connect())
        {
            connection.Execute($"COPY (SELECT range AS n FROM range(3000000)) TO {Sql.Text(path)} (FORMAT parquet)");
            using var result = connection.Query($"SELECT n FROM read_parquet({Sql.Text(path)})");
            Assert.True(result.Next(out _));
            Assert.Throws<IOException>(() => _files.Delete(path));
        }

        _files.Delete(path);
    }

    public void Dispose() => _folder.Dispose();

    private void Put(string name) => _files.Open(_folder[name], FileUse.CreateNew).Dispose();

    /// <summary>Only Linux tells what a process has open.</summary>
    private sealed class LinuxFactAttribute : FactAttribute
    {
        public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "looks into /proc, which only Linux has";
    }
}
