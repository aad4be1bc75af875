using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Tape.Bench;
using Tape.Cli.Commands;
using Tape.Core.Values;
using Tape.Host;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Files;
using Tape.TestKit.Time;

namespace Tape.Cli.Tests.Commands;

public sealed class LogCommandTests : IDisposable
{
    private readonly TemporaryFolder _vault = new();
    private readonly FakeTime _time = new();

    [Fact]
    public void Ls_tells_the_segments()
    {
        Record();
        var (exit, text) = Run("log", "ls", "--vault", _vault.Path, "--json");
        using var segment = JsonDocument.Parse(text);
        Assert.Equal((0, 4), (exit, segment.RootElement.GetProperty("next_seq").GetInt64()));
        Assert.Contains("0..4", Run("log", "ls", "--vault", _vault.Path).Text);
    }

    [Fact]
    public void Show_filters_and_escapes()
    {
        Record();
        var lines = Lines("log", "show", "--vault", _vault.Path);
        Assert.Equal(4, lines.Length);
        Assert.Contains("\\u001b[31m", lines[1]);
        Assert.Single(Lines("log", "show", "--vault", _vault.Path, "--kind", "note"));
        Assert.Equal(2, Lines("log", "show", "--vault", _vault.Path, "--conn", "7").Length);
        Assert.Equal(2, Lines("log", "show", "--vault", _vault.Path, "--from", "1", "--to", "3").Length);
        Assert.Single(Lines("log", "show", "--vault", _vault.Path, "--limit", "1"));
        Assert.Equal(3, Lines("log", "show", "--vault", _vault.Path, "--from", "2026-11-21T00:00:01Z").Length);
        Assert.Equal(2, Lines("log", "show", "--vault", _vault.Path, "--from", "2026-11-21T00:00:01Z", "--to", "2026-11-21T00:00:03Z").Length);
    }

    [Fact]
    public void Show_as_JSON_gives_text_or_base64_and_reads_ticks()
    {
        Record();
        var records = Lines("log", "show", "--vault", _vault.Path, "--json").Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal("\u001b[31mred", records[1].GetProperty("text").GetString());
        Assert.Equal([0xFF, 0xFE], records[2].GetProperty("base64").GetBytesFromBase64());
        Assert.Equal(5, records[3].GetProperty("monotonic_ns").GetInt64());
        Assert.False(records[3].TryGetProperty("offset_ns", out _));
    }

    [Fact]
    public void Verify_ends_with_status_1_and_names_the_damage()
    {
        Record();
        Assert.Equal(0, Run("log", "verify", "--vault", _vault.Path).Exit);
        var path = Directory.GetFiles(_vault["tape"], "*.tape").Single();
        var bytes = File.ReadAllBytes(path);
        bytes[150] ^= 1;
        File.WriteAllBytes(path, bytes);
        var (exit, text) = Run("log", "verify", "--vault", _vault.Path);
        Assert.Equal(1, exit);
        Assert.Contains($"DAMAGED {Path.GetFileName(path)}: at byte 64: found ", text);
        Assert.Equal(1, Run("log", "verify", "--vault", _vault.Path, "--json").Exit);
    }

    [Fact]
    public void A_wrong_place_is_reported_before_anything_is_done() =>
        Assert.NotEmpty(Root().Parse(["log", "show", "--vault", _vault.Path, "--from", "yesterday-ish"]).Errors);

    public void Dispose() => _vault.Dispose();

    private void Record()
    {
        using var writer = TapeWriter.Open(DiskFiles.Instance, _vault["tape"], new TapeOptions(), _time, new Random(1),
            new OwnerInfo("test", 1, new UnixNanos(0)));
        void Append(RecordKind kind, long connection, ReadOnlySpan<byte> payload)
        {
            writer.Append(kind, connection, UnixNanos.From(_time.GetUtcNow()), payload);
            writer.Commit();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Append(RecordKind.Note, 0, new StoppedNote("test").ToJson());
        Append(RecordKind.Frame, 7, "\u001b[31mred"u8);
        Append(RecordKind.Frame, 7, [0xFF, 0xFE]);
        var tick = new byte[Tick.Bytes];
        new Tick(5, 6, Absent.Integer).Write(tick);
        Append(RecordKind.Tick, 0, tick);
    }

    private string[] Lines(params string[] arguments) =>
        Run(arguments).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static (int Exit, string Text) Run(params string[] arguments)
    {
        var output = new StringWriter();
        var exit = Root().Parse(arguments).Invoke(new InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false });
        return (exit, output.ToString());
    }

    private static RootCommand Root() => [LogCommand.Create()];
}
