namespace Tape.TestKit.Repo;

/// <summary>Where the checkout is that these tests were built from.</summary>
public static class RepoFolder
{
    /// <summary>The folder that holds <c>Tapevault.slnx</c>.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Tapevault.slnx"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No folder above {start} holds Tapevault.slnx: the tests must run inside a checkout.");
    }
}
