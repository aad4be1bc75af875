using System.Text;

namespace Tape.TestKit.Venues;

/// <summary>Captured frames of real venues, which lie beside the project and are no part of it. Tests that read them skip where they are absent.</summary>
public static class Captures
{
    /// <summary>The folder with one folder a venue, or null.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>All frames of a venue's files, in the order of file names.</summary>
    public static IEnumerable<byte[]> Frames(string venueFolder)
        => Directory.GetFiles(Path.Combine(Folder!, venueFolder), "*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadLines)
            .Select(Encoding.UTF8.GetBytes);

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var captures = Path.Combine(folder.FullName, "shared", "captures", "dev");
            if (Directory.Exists(captures)) return captures;
        }

        return null;
    }
}
