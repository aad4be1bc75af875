using System.Text;
using Tape.Core.Files;
using Tape.Host.Logging;
using Tape.Storage.Files;
using Tape.TestKit.Files;

namespace Tape.Host.Tests.Logging;

public sealed class LogFileTests : IDisposable
{
    private static readonly byte[] Long = Encoding.ASCII.GetBytes(new string('x', 1 << 20));

    private readonly TemporaryFolder _root = new();
    private readonly WindowsFiles _files = new(DiskFiles.Instance);

    private string Folder => _root["logs"];

    [Fact]
    public void Lines_are_added_to_what_is_there()
    {
        using (var log = new LogFile(_files, Folder, null)) log.Write("{\"a\":1}"u8);
        using (var log = new LogFile(_files, Folder, null)) log.Write("{\"b\":2}"u8);
        Assert.Equal("{\"a\":1}\n{\"b\":2}\n", File.ReadAllText(Path.Combine(Folder, "recorder.jsonl")));
    }

    [Fact]
    public void At_its_limit_the_file_gets_another_name_and_four_older_ones_are_kept()
    {
        using var log = new LogFile(_files, Folder, null);
        for (var line = 0; line < 16 * 7; line++) log.Write(Long);
        Assert.Equal(["recorder.1.jsonl", "recorder.2.jsonl", "recorder.3.jsonl", "recorder.4.jsonl", "recorder.jsonl"], _files.ListFiles(Folder));
        Assert.All(_files.ListFiles(Folder), name => Assert.InRange(_files.FileLength(Path.Combine(Folder, name)), 1, LogFile.BytesMax));
        Assert.Empty(_files.TakeRefusals(Folder));
    }

    [Fact]
    public void While_somebody_reads_it_where_that_keeps_its_name_no_line_is_lost_and_it_is_tried_again()
    {
        var written = 0;
        using var log = new LogFile(_files, Folder, null);
        using (_files.Open(Path.Combine(Folder, "recorder.jsonl"), FileUse.Read))
            for (; written < 20; written++) log.Write(Long);
        Assert.Equal(20L * (Long.Length + 1), _files.FileLength(Path.Combine(Folder, "recorder.jsonl")));
        Assert.InRange(_files.TakeRefusals(Folder).Count, 2, 6);
        for (; written < 23; written++) log.Write(Long);
        Assert.Equal(23L * (Long.Length + 1), _files.ListFiles(Folder).Sum(name => _files.FileLength(Path.Combine(Folder, name))));
        Assert.Equal(["recorder.1.jsonl", "recorder.jsonl"], _files.ListFiles(Folder));
    }

    [Fact]
    public void When_its_folder_is_gone_lines_go_to_the_other_stream_only_and_nothing_is_made_in_its_place()
    {
        using var echo = new MemoryStream();
        using var log = new LogFile(DiskFiles.Instance, Folder, echo);
        log.Write("one"u8);
        Directory.Move(Folder, _root["away"]);
        Assert.ThrowsAny<IOException>(() => log.Write("two"u8));
        Assert.False(Directory.Exists(Folder));
        Directory.Move(_root["away"], Folder);
        log.Write("three"u8);
        Assert.Equal("one\ntwo\nthree\n", Encoding.ASCII.GetString(echo.ToArray()));
        Assert.Equal("one\nthree\n", File.ReadAllText(Path.Combine(Folder, "recorder.jsonl")));
    }

    public void Dispose() => _root.Dispose();
}
