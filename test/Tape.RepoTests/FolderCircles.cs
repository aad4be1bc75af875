using System.Text.RegularExpressions;
using Tape.TestKit.Repo;

namespace Tape.RepoTests;

/// <summary>
/// The folders of a project build on each other in one direction, so that a reader can begin at the bottom. What a folder names is told from the
/// namespaces that its files use.
/// </summary>
public sealed partial class FolderCircles
{
    /// <summary>Folders that still name each other, and why.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        // A command's options and the list of commands share the vault option and its checks.
        ["Tape.Cli"] = ["Commands", "Options"],
        // What the recorder says of its health is logged, and the log's figures are part of it.
        ["Tape.Collect"] = ["Health", "Logging"],
        // A replayed market is served, and the server's streams are given to markets.
        ["Tape.Simulator"] = ["Market", "Replay", "Serving"],
        // Rows are split into parts, and a part is read as rows.
        ["Tape.Tables"] = ["Parts", "Rows"],
    };

    [Fact]
    public void Folders_form_no_circle()
    {
        foreach (var project in Directory.EnumerateDirectories(Path.Combine(RepoFolder.Root, "src")).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(project);
            var circle = Circle(Uses(project));
            Assert.True(circle.Except(Allowed.GetValueOrDefault(name, [])).ToList() is [],
                $"{name}: the folders {string.Join(", ", circle)} name each other, directly or through others; let one of them not know the rest.");
        }
    }

    [Theory]
    [InlineData("a>b b>c", "")]
    [InlineData("a>b b>a", "a b")]
    [InlineData("a>b b>c c>a d>a c>e", "a b c")]
    public void A_circle_is_found(string uses, string expected)
    {
        var graph = uses.Split(' ').Select(use => use.Split('>')).ToLookup(use => use[0], use => use[1]);
        Assert.Equal(expected, string.Join(' ', Circle(graph)));
    }

    /// <summary>Folders that reach themselves.</summary>
    private static List<string> Circle(ILookup<string, string> uses) =>
        [.. uses.Select(folder => folder.Key).Where(folder => Reached(uses, folder).Contains(folder)).Order(StringComparer.Ordinal)];

    private static HashSet<string> Reached(ILookup<string, string> uses, string from)
    {
        var (reached, next) = (new HashSet<string>(), new Queue<string>(uses[from]));
        while (next.TryDequeue(out var folder))
            if (reached.Add(folder)) foreach (var used in uses[folder]) next.Enqueue(used);
        return reached;
    }

    /// <summary>Which folder uses which others. Files in the project's own folder are left out: all others see them without naming them.</summary>
    private static ILookup<string, string> Uses(string project)
    {
        var own = Path.GetFileName(project) + ".";
        var uses = new List<(string Folder, string Used)>();
        foreach (var path in Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(path);
            if (NamespaceLine().Match(text) is not { Success: true } line || !line.Groups[1].Value.StartsWith(own, StringComparison.Ordinal)) continue;
            var folder = line.Groups[1].Value[own.Length..];
            uses.AddRange(UsingLine().Matches(text).Select(use => use.Groups[1].Value).Where(use => use.StartsWith(own, StringComparison.Ordinal))
                .Select(use => (folder, use[own.Length..])).Where(use => use.Item2 != folder));
        }

        Assert.True(uses.Count > 0 || Path.GetFileName(project) is not "Tape.Derive", "found no folder of Tape.Derive that uses another");
        return uses.ToLookup(use => use.Folder, use => use.Used);
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^using (?:static )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingLine();
}
