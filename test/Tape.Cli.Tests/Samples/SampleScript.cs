using System.Text.RegularExpressions;
using Tape.TestKit.Repo;

namespace Tape.Cli.Tests.Samples;

/// <summary>A script of <c>samples/python</c>.</summary>
/// <param name="Path">Where it is.</param>
internal sealed partial record SampleScript(string Path)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<SampleScript> All { get; } =
        [.. Directory.GetFiles(System.IO.Path.Combine(RepoFolder.Root, "samples", "python"), "*.py").Select(path => new SampleScript(path))];

    private string Text => File.ReadAllText(Path).ReplaceLineEndings("\n");

    /// <summary>
    /// Its SQL as <c>tape query</c> takes it: the views in the place of the files, in the order in which the script names tables.
    /// Null for a script without SQL.
    /// </summary>
    public string? Sql(string symbol)
    {
        if (SqlText().Match(Text) is not { Success: true } sql) return null;
        var tables = new Queue<string>(TableLine().Matches(Text).Select(match => match.Groups["name"].Value));
        var columns = ColumnsLine().Matches(Text).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["list"].Value.Replace("\"", ""));
        var named = Joined().Replace(sql.Groups["sql"].Value, match => columns[match.Groups["name"].Value]);
        return SymbolParameter().Replace(Files().Replace(named, _ => tables.Dequeue()), $"symbol = '{symbol}'");
    }

    [GeneratedRegex("\"\"\"\\n(?<sql>\\s+(?:WITH|SELECT)\\b.*?)\"\"\"", RegexOptions.Singleline)]
    private static partial Regex SqlText();

    [GeneratedRegex("""^[A-Z_]*TABLE = "(?<name>\w+)"$""", RegexOptions.Multiline)]
    private static partial Regex TableLine();

    [GeneratedRegex(@"^(?<name>[A-Z_]*COLUMNS) = \[(?<list>.*)\]$", RegexOptions.Multiline)]
    private static partial Regex ColumnsLine();

    [GeneratedRegex("""\{", "\.join\((?<name>\w+)\)\}""")]
    private static partial Regex Joined();

    [GeneratedRegex(@"read_parquet\((?:\?|\$\w+), hive_partitioning = false\)")]
    private static partial Regex Files();

    [GeneratedRegex(@"symbol = (?:\?|\$symbol)")]
    private static partial Regex SymbolParameter();
}
