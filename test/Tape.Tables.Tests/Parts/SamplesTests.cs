using System.Text.RegularExpressions;
using Tape.Storage.Schema;
using Tape.TestKit.Repo;

namespace Tape.Tables.Tests.Parts;

/// <summary>The paths and columns that the sample scripts name exist. Tape.Cli.Tests runs their SQL, and the scripts where Python has the packages.</summary>
public sealed partial class SamplesTests
{
    private static string[] Scripts { get; } = Directory.GetFiles(Path.Combine(RepoFolder.Root, "samples", "python"), "*.py");

    [Fact]
    public void Tables_and_columns_that_samples_name_exist()
    {
        foreach (var script in Scripts)
        {
            var text = File.ReadAllText(script);
            var tables = TableLine().Matches(text).ToDictionary(match => match.Groups["prefix"].Value, match => match.Groups["name"].Value);
            Assert.NotEmpty(tables);
            foreach (var (prefix, name) in tables)
            {
                var table = RawSchema.Find(name);
                Assert.True(table is not null, $"{script}: no table {name}");
                var line = ColumnsLine().Matches(text).Single(match => match.Groups["prefix"].Value == prefix);
                var named = Quoted().Matches(line.Groups["list"].Value).Select(match => match.Groups[1].Value);
                Assert.Equal([], named.Except(table.Columns.Select(column => column.Name)));
            }
        }
    }

    [Fact]
    public void Paths_that_samples_build_are_those_of_parts()
    {
        var part = PartPath.Of(RawSchema.Trades, "binance", new DateOnly(2026, 11, 21), new PartOrigin(1, 0, 10, "1", 2));
        foreach (var script in Scripts)
        {
            var globs = Glob().Matches(File.ReadAllText(script)).Select(match => match.Value).ToList();
            Assert.NotEmpty(globs);
            foreach (var glob in globs)
            {
                var pattern = Regex.Escape(Brace().Replace(glob["{vault}/".Length..], "*")).Replace("\\*", "[^/]*", StringComparison.Ordinal);
                Assert.Matches($"^{pattern}$", part);
            }
        }
    }

    [Fact]
    public void Every_script_stands_in_the_table_of_the_README()
    {
        var readme = File.ReadAllText(Path.Combine(RepoFolder.Root, "samples", "README.md"));
        Assert.All(Scripts, script => Assert.Contains($"`python/{Path.GetFileName(script)}`", readme, StringComparison.Ordinal));
    }

    [GeneratedRegex("""^(?<prefix>[A-Z_]*)TABLE = "(?<name>\w+)"\r?$""", RegexOptions.Multiline)]
    private static partial Regex TableLine();

    [GeneratedRegex("""^(?<prefix>[A-Z_]*)COLUMNS = \[(?<list>.*)\]\r?$""", RegexOptions.Multiline)]
    private static partial Regex ColumnsLine();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex("""\{vault\}/raw[^"]*""")]
    private static partial Regex Glob();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Brace();
}
