namespace Tape.TestKit.Files;

/// <summary>What Windows makes of names.</summary>
internal static class WindowsNames
{
    private static readonly HashSet<string> Devices = new(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", .. Numbered("COM"), .. Numbered("LPT")], StringComparer.OrdinalIgnoreCase);

    private static readonly EnumerationOptions IgnoreCase = new()
    {
        MatchCasing = MatchCasing.CaseInsensitive,
        AttributesToSkip = 0,
        ReturnSpecialDirectories = false,
    };

    /// <summary>Why a path can't be the name of anything; null when it can.</summary>
    public static string? Fault(string path)
    {
        foreach (var name in path.Split(Path.DirectorySeparatorChar))
        {
            if (name.IndexOfAny(['<', '>', ':', '"', '|', '?', '*', '\\']) >= 0 || name.Any(sign => sign < ' '))
                return $"The filename, directory name, or volume label syntax is incorrect. : '{path}'";
            if (name.EndsWith('.') || name.EndsWith(' ')) return $"'{path}': Windows drops the dot or space at the end of '{name}'";
            if (Devices.Contains(name.Split('.')[0].TrimEnd(' '))) return $"'{path}': '{name}' is a device";
        }
        return null;
    }

    /// <summary>The path as it stands on the disk where all of it is there in some case; as given from the first name on that is not.</summary>
    public static string Find(string path)
    {
        if (File.Exists(path) || Directory.Exists(path) || Path.GetDirectoryName(path) is not { Length: > 0 } given) return path;
        var folder = Find(given);
        var name = Path.GetFileName(path);
        var found = Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder, name, IgnoreCase).FirstOrDefault() : null;
        return found ?? Path.Combine(folder, name);
    }

    private static IEnumerable<string> Numbered(string device) =>
        Enumerable.Range(0, 10).Select(number => $"{device}{number}").Concat([$"{device}¹", $"{device}²", $"{device}³"]);
}
