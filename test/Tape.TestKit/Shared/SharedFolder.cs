namespace Tape.TestKit.Shared;

/// <summary>Data for tests that lies beside the project, in a folder <c>shared</c>, and is no part of it. Tests that read it skip where it is absent.</summary>
public static class SharedFolder
{
    /// <summary>A folder within it; null where there is none.</summary>
    public static string? Find(params string[] parts)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var found = Path.Combine([folder.FullName, "shared", .. parts]);
            if (Directory.Exists(found)) return found;
        }

        return null;
    }
}
