using System.Text;
using Tape.TestKit.Shared;

namespace Tape.TestKit.Venues;

/// <summary>Captured frames of real venues, which lie beside the project and are no part of it. Tests that read them skip where they are absent.</summary>
public static class Captures
{
    /// <summary>The folder with one folder a venue, or null.</summary>
    public static string? Folder { get; } = SharedFolder.Find("captures", "dev");

    /// <summary>All frames of a venue's files, in the order of file names.</summary>
    public static IEnumerable<byte[]> Frames(string venueFolder)
        => Directory.GetFiles(Path.Combine(Folder!, venueFolder), "*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadLines)
            .Select(Encoding.UTF8.GetBytes);
}
