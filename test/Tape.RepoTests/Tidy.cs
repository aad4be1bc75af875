using System.Diagnostics;
using System.Text.RegularExpressions;
using Tape.TestKit.Repo;

namespace Tape.RepoTests;

/// <summary>Rules that a reader of the source would otherwise have to watch over.</summary>
public sealed partial class Tidy
{
    private const int LinesMax = 500;
    private const int ColumnsMax = 160;

    [Fact]
    public void No_source_file_grows_past_the_size_where_a_second_idea_hides()
    {
        var long_ = Code().Select(path => (path, lines: File.ReadLines(path).Count())).Where(file => file.lines > LinesMax).ToList();
        Assert.True(long_.Count == 0,
            string.Join("\n", long_.Select(file => $"{file.path}: {file.lines} lines, expected at most {LinesMax}; is there a second type inside?")));
    }

    [Fact]
    public void No_leftover_marks_or_silent_catches_stand_in_the_source()
    {
        foreach (var path in Code())
        {
            var found = Marks().Match(File.ReadAllText(path));
            Assert.False(found.Success, $"{path}: found '{found.Value}'. Finish it, or handle the failure and say why.");
        }
    }

    [Fact]
    public void Files_are_where_their_namespace_says()
    {
        foreach (var path in Code())
        {
            if (Path.GetFileName(path) == "Program.cs") continue;
            var declared = NamespaceLine().Match(File.ReadAllText(path)).Groups[1].Value;
            var folder = Path.GetRelativePath(RepoFolder.Root, Path.GetDirectoryName(path)!).Replace('\\', '/').Replace('/', '.').Split('.', 2)[1];
            Assert.True(declared == folder, $"{path}: namespace {declared}, expected {folder}.");
        }
    }

    [Fact]
    public void Every_project_has_its_lock_file()
    {
        foreach (var project in Sources("src", "*.csproj").Concat(Sources("bench", "*.csproj")).Concat(Sources("test", "*.csproj")))
            Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")),
                $"{project} has no packages.lock.json: restore once and commit it.");
    }

    [Fact]
    public void Tracked_text_files_end_lines_with_a_line_feed_only()
    {
        foreach (var path in Code().Concat(Sources("test", "*.cs")))
            Assert.DoesNotContain('\r', File.ReadAllText(path));
    }

    /// <summary>Data of tests inside raw strings may be as long as it is on the wire.</summary>
    [Fact]
    public void Lines_of_code_fit_beside_each_other_on_a_screen()
    {
        foreach (var path in Code().Concat(Sources("test", "*.cs")))
        {
            var isRaw = false;
            foreach (var (line, index) in File.ReadLines(path).Select((line, index) => (line, index)))
            {
                var quotes = line.Split("\"\"\"").Length - 1;
                Assert.True(isRaw || quotes > 0 || line.Length <= ColumnsMax, $"{path}({index + 1}): {line.Length} characters, expected at most {ColumnsMax}.");
                if (quotes % 2 == 1) isRaw = !isRaw;
            }
        }
    }

    private static IEnumerable<string> Code() => Sources("src", "*.cs").Concat(Sources("bench", "*.cs"));

    private static IEnumerable<string> Sources(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(RepoFolder.Root, folder), pattern, SearchOption.AllDirectories);

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|NotImplementedException|catch\s*(\([^)]*\))?\s*\{\s*\}")]
    private static partial Regex Marks();

    [GeneratedRegex(@"^namespace\s+([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}
