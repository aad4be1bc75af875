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
        foreach (var project in Directory.EnumerateFiles(Path.Combine(RepoFolder.Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            var name = Path.GetFileNameWithoutExtension(project);
            Assert.True(allowed.ContainsKey(name), $"{name} is missing in the table of ARCHITECTURE.md: a new assembly needs a reason there.");
            var forbidden = References(project).Except(allowed[name]).ToList();
            Assert.True(forbidden.Count == 0, $"{name} refers to {string.Join(", ", forbidden)}; the table of ARCHITECTURE.md allows {string.Join(", ", allowed[name])}.");
        }
    }

    [Fact]
    public void Every_assembly_of_the_table_exists()
    {
        foreach (var name in AllowedReferences().Keys)
            Assert.True(File.Exists(Path.Combine(RepoFolder.Root, "src", name, name + ".csproj")), $"{name} stands in ARCHITECTURE.md but not in src.");
    }

    [Fact]
    public void Every_project_belongs_to_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(RepoFolder.Root, "Tapevault.slnx"));
        foreach (var folder in new[] { "src", "test" })
            foreach (var project in Directory.EnumerateFiles(Path.Combine(RepoFolder.Root, folder), "*.csproj", SearchOption.AllDirectories))
                Assert.Contains(Path.GetRelativePath(RepoFolder.Root, project).Replace('\\', '/'), solution, StringComparison.Ordinal);
    }

    [Fact]
    public void Core_needs_no_package()
    {
        var core = XDocument.Load(Path.Combine(RepoFolder.Root, "src", "Tape.Core", "Tape.Core.csproj"));
        Assert.Empty(core.Descendants("PackageReference"));
    }

    private static List<string> References(string project) =>
        [.. XDocument.Load(project).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))];

    private static Dictionary<string, string[]> AllowedReferences()
    {
        var rows = File.ReadLines(Path.Combine(RepoFolder.Root, "ARCHITECTURE.md"))
            .Where(line => line.StartsWith("| `Tape.", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries));
        return rows.ToDictionary(
            cells => cells[1].Trim('`'),
            cells => cells[3].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(name => name != "–").Select(name => "Tape." + name).ToArray());
    }
}
