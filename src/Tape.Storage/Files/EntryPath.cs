namespace Tape.Storage.Files;

/// <summary>
/// Paths of files that entries of a vault's logs name. A vault may come from elsewhere, so what it says is data and no order: such a path is relative to the
/// vault, of plain names joined by '/', lies in the folder of its kind, and leads through no link.
/// </summary>
public static class EntryPath
{
    private const int CharsMax = 1024;
    private const string Expected = "expected a path of plain names inside the vault";

    /// <summary>Why a text can't be the path of an entry's file, as the rest of a sentence; null when it can.</summary>
    /// <param name="folder">Where files of its kind are: <c>raw/</c>.</param>
    /// <param name="ending">How their names end: <c>.parquet</c>.</param>
    public static string? Fault(string? path, string folder, string ending)
    {
        if (path is null) return $"no path, {Expected}";
        if (!IsPlain(path)) return $"the path '{path}', {Expected}";
        return path.StartsWith(folder, StringComparison.Ordinal) && path.EndsWith(ending, StringComparison.Ordinal)
            ? null : $"the path '{path}', expected {folder}…{ending}";
    }

    /// <summary>
    /// The path on this machine, once no part of it below the vault is a link. Call it before the file is read, renamed, replaced or deleted.
    /// </summary>
    /// <exception cref="DamagedException">It leaves the vault, or leads through a link.</exception>
    public static string Confine(IFiles files, string vault, string relative) =>
        Refusal(files, vault, relative) is { } refused ? throw refused : Absolute(vault, relative);

    /// <summary>The path on this machine, unchecked: for paths that the program itself makes.</summary>
    public static string Absolute(string vault, string relative) => Path.Combine(Path.GetFullPath(vault), relative.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Why <see cref="Confine"/> refuses a path; null when it does not.</summary>
    public static DamagedException? Refusal(IFiles files, string vault, string relative)
    {
        if (!IsPlain(relative)) return new($"{vault}: found the path '{relative}', {Expected}", "Nothing was touched there.");
        for (var end = relative.IndexOf('/'); ; end = relative.IndexOf('/', end + 1))
        {
            var part = Absolute(vault, end < 0 ? relative : relative[..end]);
            if (files.IsLink(part)) return LinkFault(part, null);
            if (end < 0) return null;
        }
    }

    /// <summary>As <see cref="Confine"/>, for many files of few folders: each folder is looked at once.</summary>
    /// <exception cref="DamagedException">One of them leaves the vault, or leads through a link.</exception>
    public static void ConfineAll(IFiles files, string vault, IEnumerable<string> relatives)
    {
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var relative in relatives)
        {
            var folder = IsPlain(relative) && relative.LastIndexOf('/') is var end and > 0 ? relative[..end] : relative;
            if (folders.Add(folder)) Confine(files, vault, folder);
            if (Absolute(vault, relative) is var path && files.IsLink(path)) throw LinkFault(path, null);
        }
    }

    /// <summary>A link stands where a vault has files and folders of its own.</summary>
    internal static DamagedException LinkFault(string path, string? target) => new(
        $"{path}: found a link{(target is null ? "" : $" to {target}")}, expected a file or folder of the vault itself",
        "Nothing was read or changed through it. Put the file or folder itself in its place; to keep a folder on another disk, mount that disk there.");

    private static bool IsPlain(string path) => path.Length is > 0 and <= CharsMax && path.Split('/').All(IsPlainName);

    /// <summary>A name that means the same on every platform: no dots that climb, no drive, no stream, no separator, no control character.</summary>
    public static bool IsPlainName(string name) =>
        name.Length > 0 && name[^1] != '.' && name.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '.' or '_' or '-' or '%' or '=');
}
