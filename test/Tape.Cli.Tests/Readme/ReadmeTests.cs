using System.Text.Json;
using Tape.Host;
using Tape.TestKit.Files;
using Tape.TestKit.Processes;
using Tape.TestKit.Repo;

namespace Tape.Cli.Tests.Readme;

/// <summary>The README is run: all its examples in order in a new folder, the demo first, as a newcomer would.</summary>
public sealed class ReadmeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new(onDisk: true);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_example_of_the_README_prints_what_it_says()
    {
        var examples = ReadmeExample.ReadAll(File.ReadAllLines(Path.Combine(RepoFolder.Root, "README.md")));
        Assert.True(examples.Count >= 10, $"README.md: found {examples.Count} examples, expected at least 10; is the form of the fences still ```console?");
        foreach (var example in examples) Run(example);
        CheckWhatScriptsRead();
    }

    /// <summary>The same vault once more, as JSON.</summary>
    private void CheckWhatScriptsRead()
    {
        using var sanity = Json("sanity", "--deep", "--json", "--vault", "first/vault");
        Assert.True(sanity.RootElement.GetProperty("sound").GetBoolean());
        using var verify = Json("log", "verify", "--json", "--vault", "first/vault");
        Assert.True(verify.RootElement.GetProperty("good").GetBoolean());
        using var segment = Json("log", "ls", "--json", "--vault", "first/vault");
        Assert.Equal(segment.RootElement.GetProperty("next_seq").GetInt64(), verify.RootElement.GetProperty("next_seq").GetInt64());
        using var record = Json("log", "show", "--json", "--vault", "first/vault", "--limit", "1");
        Assert.Equal("note", record.RootElement.GetProperty("kind").GetString());
        using var answer = Json("query", "--format", "json", "--vault", "first/vault", "SELECT count(*) AS n FROM trades");
        Assert.True(answer.RootElement[0].GetProperty("n").GetInt64() > 0);
    }

    private JsonDocument Json(params string[] arguments)
    {
        var (status, output, error) = TapeProcess.Run(_folder.Path, "", arguments);
        Assert.True(status == ExitCode.Ok, error);
        return JsonDocument.Parse(output);
    }

    [Fact]
    public void The_README_names_every_setting_and_the_two_commands_that_do_all_set_up()
    {
        var page = File.ReadAllText(Path.Combine(RepoFolder.Root, "README.md"));
        Assert.Contains("\ndotnet run -c Release --project src/Tape.Cli -- demo\n", page, StringComparison.Ordinal);
        Assert.Contains("\ndotnet test\n", page, StringComparison.Ordinal);
        foreach (var setting in new[] { "vault", "venues.binance.symbols", "venues.binance.channels", "venues.binance.endpoint", "tape.commit_interval",
            "tape.segment_size", "queue.size", "seal.interval", "log.heartbeat" })
            Assert.Contains($"`{setting}`", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wildcard_stands_for_the_rest_of_a_line_or_for_whole_lines()
    {
        var example = Assert.Single(ReadmeExample.ReadAll(["```console", "$ tape x \"a b\" c", "one … three", "…", "end", "[exit 3]", "```"]));
        Assert.Equal(["x", "a b", "c"], example.Arguments);
        Assert.Equal(3, example.Status);
        Assert.True(example.Matches("one two three\nend\n"));
        Assert.True(example.Matches("one 2 three\nmore\nand more\nend\n"));
        Assert.False(example.Matches("one two three\nmore\n"));
        Assert.False(example.Matches("one two\nthree\nend\n"));
    }

    private void Run(ReadmeExample example)
    {
        var (status, output, error) = TapeProcess.Run(_folder.Path, example.Input, example.Arguments);
        var all = output + error;
        Assert.True(status == example.Status, $"README.md, line {example.LineNumber}: status {status}, expected {example.Status}. It printed:\n{all}");
        Assert.True(example.Matches(all), $"README.md, line {example.LineNumber}: expected\n{string.Join('\n', example.Expected)}\n\nbut it printed\n{all}");
    }
}
