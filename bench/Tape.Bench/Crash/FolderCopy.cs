namespace Tape.Bench.Crash;

/// <summary>Copies a folder that no process writes to.</summary>
internal static class FolderCopy
{
    /// <summary>Copies all files and folders below one to another that is not there.</summary>
    public static void Make(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }
}
