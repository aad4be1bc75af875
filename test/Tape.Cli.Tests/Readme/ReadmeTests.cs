using System.Text.Json;
using System.Text.RegularExpressions;
using Tape.Cli.Tests.Samples;
using Tape.Host;
using Tape.TestKit.Files;
using Tape.TestKit.Processes;
using Tape.TestKit.Repo;

namespace Tape.Cli.Tests.Readme;

/// <summary>The README is run: all its examples in order in a new folder, the demo first, as a newcomer would.</summary>
public sealed partial class ReadmeTests : IDisposable
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
        CheckSamples();
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
        using var streams = Json("query", "--format", "json", "--vault", "first/vault", "SELECT count(*) AS n FROM streams WHERE symbol = 'BTCUSDT' "
            + "AND channel <> 'forceOrder' GROUP BY channel");
        Assert.Equal([1, 1, 1, 1], streams.RootElement.EnumerateArray().Select(row => row.GetProperty("n").GetInt64()));
    }

    /// <summary>Python may be missing here, but the SQL of the samples is ours to run.</summary>
    private void CheckSamples()
    {
        var queries = SampleScript.All.Select(script => script.Sql("BTCUSDT")).OfType<string>().ToList();
        Assert.Equal(2, queries.Count);
        foreach (var sql in queries)
        {
            using var rows = Json("query", "--format", "json", "--vault", "first/vault", sql);
            Assert.True(rows.RootElement.GetArrayLength() > 0, $"no rows for:\n{sql}");
        }
    }

    private JsonDocument Json(params string[] arguments)
    {
        var (status, output, error) = TapeProcess.Run(_folder.Path, "", arguments);
        Assert.True(status == ExitCode.Ok, error);
        return JsonDocument.Parse(output);
    }

    [Fact]
    public void The_README_names_the_two_commands_that_do_all_set_up()
    {
        var page = Page("README.md");
        Assert.Contains("\ndotnet run -c Release --project src/Tape.Cli -- demo\n", page, StringComparison.Ordinal);
        Assert.Contains("\ndotnet test\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_of_the_configuration_names_every_setting()
    {
        Assert.Contains("(docs/configuration.md)", Page("README.md"), StringComparison.Ordinal);
        var page = Page("docs/configuration.md");
        foreach (var setting in new[] { "vault", "venues.binance.symbols", "venues.binance.channels", "venues.binance.endpoint", "tape.commit_interval",
            "tape.segment_size", "queue.size", "seal.interval", "log.heartbeat" })
            Assert.Contains($"`{setting}`", page, StringComparison.Ordinal);
    }

    /// <summary>Links between the pages lead to files, so that a page that moves takes its readers with it.</summary>
    [Fact]
    public void Every_link_between_pages_leads_to_a_file()
    {
        foreach (var page in new[] { "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "samples/README.md" }
            .Concat(Directory.GetFiles(Path.Combine(RepoFolder.Root, "docs"), "*.md").Select(path => $"docs/{Path.GetFileName(path)}")))
            foreach (var target in Link().Matches(Page(page)).Select(match => match.Groups[1].Value))
                Assert.True(Path.Exists(Path.Combine(RepoFolder.Root, Path.GetDirectoryName(page)!, target)), $"{page} links to {target}, which is not there.");
    }

    /// <summary>Places that a page for developers names are there; <c>Acme</c> is the example of a venue to come.</summary>
    [Theory]
    [InlineData("ARCHITECTURE.md")]
    [InlineData("docs/venues.md")]
    public void Every_place_in_the_source_that_a_page_names_is_there(string page)
    {
        var places = Place().Matches(Page(page)).Select(match => match.Groups[1].Value)
            .Where(place => !place.Contains("Acme", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(places);
        Assert.All(places, place => Assert.True(Path.Exists(Path.Combine(RepoFolder.Root, place)), $"{page} names {place}, which is not there."));
    }

    private static string Page(string path) => File.ReadAllText(Path.Combine(RepoFolder.Root, path));

    [Fact]
    public void Three_dots_alone_on_a_line_stand_for_lines_that_the_page_leaves_out()
    {
        var example = Example("$ tape x \"a b\" c", "one", "…", "end", "[exit 3]");
        Assert.Equal(["x", "a b", "c"], example.Arguments);
        Assert.Equal(3, example.Status);
        Assert.True(example.Matches("one\nend\n"));
        Assert.True(example.Matches("one\nand more\nand more\nend\n"));
        Assert.False(example.Matches("one\nand more\n"));
        Assert.False(example.Matches("one\nend\nand more\n"));
    }

    [Fact]
    public void Times_and_counts_of_a_recording_may_differ_and_nothing_else_may()
    {
        var example = Example("$ tape sanity --vault first/vault", "down  BTCUSDT 2026-11-30T22:34:00.78Z to 2026-11-30T22:34:07Z (6.7s): 15 streams",
            "unexplained  0");
        Assert.True(example.Matches("down  BTCUSDT 2027-01-02T03:04:05.6Z to 2027-01-02T03:04:06Z (910ms): 9 streams\nunexplained 0\n"));
        Assert.False(example.Matches("down  BTCUSDT 2027-01-02T03:04:05.6Z to 2027-01-02T03:04:06Z (910ms): 9 streams\nunexplained 1\n"));
        Assert.False(example.Matches("down  ETHUSDT 2027-01-02T03:04:05.6Z to 2027-01-02T03:04:06Z (910ms): 9 streams\nunexplained 0\n"));
        Assert.False(example.Matches("down  BTCUSDT 2027-01-02T03:04:05.6Z to the end (910ms): 9 streams\nunexplained 0\n"));
        Assert.False(Example("$ tape query --vault first/vault x", "(2 rows)").Matches("(3 rows)\n"));
        Assert.False(Example("$ tape decode", "decoded 1 frames").Matches("decoded 2 frames\n"));
    }

    private static ReadmeExample Example(params string[] lines) => Assert.Single(ReadmeExample.ReadAll(["```console", .. lines, "```"]));

    private void Run(ReadmeExample example)
    {
        var (status, output, error) = TapeProcess.Run(_folder.Path, example.Input, example.Arguments);
        var all = output + error;
        Assert.True(status == example.Status, $"README.md, line {example.LineNumber}: status {status}, expected {example.Status}. It printed:\n{all}");
        Assert.True(example.Matches(all), $"README.md, line {example.LineNumber}: expected\n{string.Join('\n', example.Expected)}\n\nbut it printed\n{all}");
    }

    [GeneratedRegex(@"\]\((?!\w+:|#)([^)#]+)")]
    private static partial Regex Link();

    [GeneratedRegex("`((?:src|bench|test)/[\\w./]+)`")]
    private static partial Regex Place();
}
