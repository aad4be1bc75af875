namespace Tape.Host.Configuration;

/// <summary>
/// The file <c>.env</c> beside a configuration: a line <c>NAME=value</c> each, <c>export</c> before it or not, the value bare or in quotes; <c>#</c> begins a
/// comment. It gives names that the environment does not have, so that secrets stay out of the configuration.
/// </summary>
public static class EnvironmentFile
{
    /// <summary>Its name.</summary>
    public const string FileName = ".env";

    private const int CharsMax = 1 << 16;

    /// <summary>
    /// Puts the names of the file in a folder into this process's environment, but for those that are set. Nothing happens where there is none.
    /// </summary>
    /// <exception cref="UsageException">A line is none; the message says which, and never the value.</exception>
    public static void Apply(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return;
        if (new FileInfo(path).Length > CharsMax) throw new UsageException($"{path} is longer than {CharsMax} bytes, expected a few lines NAME=value.");
        foreach (var (name, value) in Read(path, File.ReadAllText(path)))
            if (Environment.GetEnvironmentVariable(name) is null) Environment.SetEnvironmentVariable(name, value);
    }

    /// <summary>The names and values of a text.</summary>
    /// <param name="path">For messages.</param>
    public static IEnumerable<(string Name, string Value)> Read(string path, string text)
    {
        var number = 0;
        foreach (var whole in text.Split('\n'))
        {
            number++;
            var line = whole.Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            if (line.StartsWith("export ", StringComparison.Ordinal)) line = line["export ".Length..].TrimStart();
            var at = line.IndexOf('=');
            var name = at < 0 ? "" : line[..at].TrimEnd();
            if (name.Length == 0 || char.IsAsciiDigit(name[0]) || !name.All(sign => char.IsAsciiLetterOrDigit(sign) || sign == '_'))
                throw new UsageException($"{path}, line {number}: found no name before a '=', expected NAME=value.", "Correct the line, or begin it with #.");
            yield return (name, Value(path, number, line[(at + 1)..].Trim()));
        }
    }

    private static string Value(string path, int number, string text)
    {
        if (text.Length == 0 || text[0] is not ('"' or '\''))
            return text.IndexOf(" #", StringComparison.Ordinal) is var comment and >= 0 ? text[..comment].TrimEnd() : text;
        var end = text.IndexOf(text[0], 1);
        if (end < 0 || (text[(end + 1)..].Trim() is var rest && rest.Length > 0 && rest[0] != '#'))
            throw new UsageException($"{path}, line {number}: found a quote without its end, or something behind it.",
                "Put the whole value in quotes, or none of it.");
        return text[1..end];
    }
}
