using System.Xml.Linq;
using Tape.TestKit.Repo;

namespace Tape.RepoTests;

/// <summary>What may refer to what: the table in ARCHITECTURE.md is the rule, the project files must keep it.</summary>
public sealed class ReferenceRules
{
    [Fact]
    public void Projects_refer_only_to_what_the_architecture_table_allows()
    {
        var allowed = AllowedReferences();
        foreach (var project in Shipped().Concat(Benches()))
        {
            var name = Path.GetFileNameWithoutExtension(project);
            Assert.True(allowed.ContainsKey(name), $"{name} is missing in the table of ARCHITECTURE.md: a new assembly needs a reason there.");
            var forbidden = References(project).Except(allowed[name]).ToList();
            Assert.True(forbidden.Count == 0,
                $"{name} refers to {string.Join(", ", forbidden)}; the table of ARCHITECTURE.md allows {string.Join(", ", allowed[name])}.");
        }
    }

    [Fact]
    public void Every_assembly_of_the_table_exists()
    {
        foreach (var name in AllowedReferences().Keys)
            Assert.True(Shipped().Concat(Benches()).Any(project => Path.GetFileNameWithoutExtension(project) == name),
                $"{name} stands in ARCHITECTURE.md but not in src or bench.");
    }

    [Fact]
    public void Every_project_belongs_to_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(RepoFolder.Root, "Tapevault.slnx"));
        foreach (var folder in new[] { "src", "bench", "test" })
            foreach (var project in Directory.EnumerateFiles(Path.Combine(RepoFolder.Root, folder), "*.csproj", SearchOption.AllDirectories))
                Assert.Contains(Path.GetRelativePath(RepoFolder.Root, project).Replace('\\', '/'), solution, StringComparison.Ordinal);
    }

    [Fact]
    public void Core_needs_no_package()
    {
        var core = XDocument.Load(Path.Combine(RepoFolder.Root, "src", "Tape.Core", "Tape.Core.csproj"));
        Assert.Empty(core.Descendants("PackageReference"));
    }

    /// <summary>Recording must go on without a native library: what the recorder is made of can't reach the project that loads one.</summary>
    [Fact]
    public void The_recorder_reaches_nothing_native()
    {
        var projects = Shipped().ToDictionary(path => Path.GetFileNameWithoutExtension(path)!, References);
        var reached = new HashSet<string>();
        var next = new Queue<string>(["Tape.Collect"]);
        while (next.TryDequeue(out var name))
            if (reached.Add(name)) foreach (var reference in projects[name]) next.Enqueue(reference);
        Assert.Contains("Tape.Storage", reached);
        Assert.DoesNotContain("Tape.Tables", reached);
        var native = Shipped().Where(path => File.ReadAllText(path).Contains("DuckDb", StringComparison.OrdinalIgnoreCase))
            .Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(["Tape.Tables"], native);
    }

    private static IEnumerable<string> Shipped() => Projects("src");

    private static IEnumerable<string> Benches() => Projects("bench");

    private static IEnumerable<string> Projects(string folder) =>
        Directory.EnumerateFiles(Path.Combine(RepoFolder.Root, folder), "*.csproj", SearchOption.AllDirectories);

    private static List<string> References(string project) =>
        [.. XDocument.Load(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))];

    private static Dictionary<string, string[]> AllowedReferences()
    {
        var rows = File.ReadLines(Path.Combine(RepoFolder.Root, "ARCHITECTURE.md"))
            .Where(line => line.StartsWith("| `Tape.", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries));
        return rows.ToDictionary(
            cells => cells[1].Trim('`'),
            cells => cells[3].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(name => name != "–")
                .Select(name => "Tape." + name).ToArray());
    }
}
