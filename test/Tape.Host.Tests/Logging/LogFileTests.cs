using System.Text;
using Tape.Core.Errors;
using Tape.Core.Files;
using Tape.Host.Logging;
using Tape.Core.Values;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.TestKit.Files;

namespace Tape.Host.Tests.Logging;

public sealed class LogFileTests : IDisposable
{
    private static readonly byte[] Long = Encoding.ASCII.GetBytes(new string('x', 1 << 20));

    private static readonly OwnerInfo Owner = new("tape collect", 4711, new UnixNanos(0));

    private readonly TemporaryFolder _root = new();
    private readonly WindowsFiles _files = new(DiskFiles.Instance);

    private string Folder => _root["logs"];

    [Fact]
    public void Lines_are_added_to_what_is_there()
    {
        using (var log = new LogFile(_files, Folder, null, Owner)) log.Write("{\"a\":1}"u8);
        using (var log = new LogFile(_files, Folder, null, Owner)) log.Write("{\"b\":2}"u8);
        Assert.Equal("{\"a\":1}\n{\"b\":2}\n", File.ReadAllText(Path.Combine(Folder, "recorder.jsonl")));
    }

    [Fact]
    public void A_log_has_one_writer_and_a_second_one_is_refused_with_the_firsts_name()
    {
        using (new LogFile(_files, Folder, null, Owner))
        {
            var fault = Assert.Throws<OwnedElsewhereException>(() => new LogFile(_files, Folder, null, Owner with { Process = 4712 }));
            Assert.Contains("the log of the recorder is being written by tape collect, process 4711", fault.Message, StringComparison.Ordinal);
            using var other = new LogFile(_files, Folder, null, Owner, "server");
        }

        using var after = new LogFile(_files, Folder, null, Owner);
    }

    [Fact]
    public void At_its_limit_the_file_gets_another_name_and_four_older_ones_are_kept()
    {
        using var log = new LogFile(_files, Folder, null, Owner);
        for (var line = 0; line < 16 * 7; line++) log.Write(Long);
        Assert.Equal(["recorder.1.jsonl", "recorder.2.jsonl", "recorder.3.jsonl", "recorder.4.jsonl", "recorder.jsonl"], Logs());
        Assert.All(Logs(), name => Assert.InRange(_files.FileLength(Path.Combine(Folder, name)), 1, LogFile.BytesMax));
        Assert.Empty(_files.TakeRefusals(Folder));
    }

    [Fact]
    public void While_somebody_reads_it_where_that_keeps_its_name_no_line_is_lost_and_it_is_tried_again()
    {
        var written = 0;
        using var log = new LogFile(_files, Folder, null, Owner);
        using (_files.Open(Path.Combine(Folder, "recorder.jsonl"), FileUse.Read))
            for (; written < 20; written++) log.Write(Long);
        Assert.Equal(20L * (Long.Length + 1), _files.FileLength(Path.Combine(Folder, "recorder.jsonl")));
        Assert.InRange(_files.TakeRefusals(Folder).Count, 2, 6);
        for (; written < 23; written++) log.Write(Long);
        Assert.Equal(23L * (Long.Length + 1), Logs().Sum(name => _files.FileLength(Path.Combine(Folder, name))));
        Assert.Equal(["recorder.1.jsonl", "recorder.jsonl"], Logs());
    }

    [Fact]
    public void When_its_folder_is_gone_lines_go_to_the_other_stream_only_and_nothing_is_made_in_its_place()
    {
        using var echo = new MemoryStream();
        using var log = new LogFile(DiskFiles.Instance, Folder, echo, Owner);
        log.Write("one"u8);
        Directory.Move(Folder, _root["away"]);
        Assert.ThrowsAny<IOException>(() => log.Write("two"u8));
        Assert.False(Directory.Exists(Folder));
        Directory.Move(_root["away"], Folder);
        log.Write("three"u8);
        Assert.Equal("one\ntwo\nthree\n", Encoding.ASCII.GetString(echo.ToArray()));
        Assert.Equal("one\nthree\n", File.ReadAllText(Path.Combine(Folder, "recorder.jsonl")));
    }

    private IEnumerable<string> Logs() => _files.ListFiles(Folder).Where(name => name.EndsWith(".jsonl", StringComparison.Ordinal));

    public void Dispose() => _root.Dispose();
}
