using YamlDotNet.RepresentationModel;

namespace Tape.Host.Configuration;

/// <summary>
/// A mapping of a YAML file that is read key by key. Every fault goes into one list with its line, so that all are reported at once;
/// a faulty value reads as the default.
/// </summary>
public sealed class ConfigSection(YamlMappingNode? node, string path, List<ConfigFault> faults, long line = 0)
{
    private readonly HashSet<string> _known = [];

    public string Path => path;

    /// <summary>Line of the section, of its key when nothing stands below it, or 0 when it is absent.</summary>
    public long Line => node?.Start.Line ?? line;

    public bool IsPresent => node is not null;

    public void Fault(long line, string text) => faults.Add(new ConfigFault(line, text));

    public ConfigSection Section(string key)
    {
        var value = Find(key);
        if (value is null || IsNull(value)) return new ConfigSection(null, Name(key), faults, value?.Start.Line ?? 0);
        if (value is YamlMappingNode mapping) return new ConfigSection(mapping, Name(key), faults);
        Fault(value.Start.Line, $"{Name(key)}: found {Show(value)}, expected keys below it.");
        return new ConfigSection(null, Name(key), faults);
    }

    /// <summary>All keys whose values are sections, as they stand in the file.</summary>
    public IEnumerable<string> Keys => node?.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value ?? "") ?? [];

    public long LineOf(string key) => Find(key)?.Start.Line ?? Line;

    public string Text(string key, string fallback) => Read(key, fallback, "a text", text => (true, text));

    /// <summary>A folder as written: only shells put something in the place of <c>~</c> and <c>${NAME}</c>, so both are refused.</summary>
    public string Folder(string key, string fallback) => Read(key, fallback, "a text that names a folder, without ~ and ${NAME}, which only a shell expands",
        text => (text.Length > 0 && text[0] != '~' && !text.Contains("${", StringComparison.Ordinal), text));

    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan least, TimeSpan most) =>
        Read(key, fallback, $"a time from {Units.Show(least)} to {Units.Show(most)}, such as 10ms, 30s or 5m",
            text => (Units.TryDuration(text, out var value) && value >= least && value <= most, value));

    public long Size(string key, long fallback, long least, long most) =>
        Read(key, fallback, $"a size from {Units.Show(least)} to {Units.Show(most)}, such as 64MiB",
            text => (Units.TrySize(text, out var value) && value >= least && value <= most, value));

    public long Integer(string key, long fallback, long least, long most) =>
        Read(key, fallback, $"a whole number from {least} to {most}",
            text => (long.TryParse(text, System.Globalization.NumberStyles.None, null, out var value) && value >= least && value <= most, value));

    public bool Switch(string key, bool fallback) =>
        Read(key, fallback, "true or false", text => (text is "true" or "false", text == "true"));

    public Uri? Address(string key, params string[] schemes) =>
        Read<Uri?>(key, null, $"an address that begins with {string.Join(" or ", schemes.Select(scheme => scheme + "://"))}",
            text => (Uri.TryCreate(text, UriKind.Absolute, out var value) && schemes.Contains(value.Scheme), value));

    /// <summary>A list of texts, or one text; null when absent.</summary>
    public IReadOnlyList<string>? List(string key)
    {
        var value = Find(key);
        switch (value)
        {
            case null: return null;
            case YamlScalarNode scalar when !IsNull(value): return [scalar.Value ?? ""];
            case YamlSequenceNode sequence when sequence.Children.All(item => item is YamlScalarNode):
                return [.. sequence.Children.Cast<YamlScalarNode>().Select(item => item.Value ?? "")];
            default:
                Fault(value.Start.Line, $"{Name(key)}: found {Show(value)}, expected a list such as [A, B].");
                return null;
        }
    }

    /// <summary>Call it after all keys were read: it reports what is left over.</summary>
    public void RefuseUnknown()
    {
        if (node is null) return;
        foreach (var key in node.Children.Keys)
        {
            var name = (key as YamlScalarNode)?.Value ?? key.ToString();
            if (!_known.Contains(name))
                Fault(key.Start.Line, $"{Name(name)} is not a setting{Suggest(name)}. Known here: {string.Join(", ", _known.Order(StringComparer.Ordinal))}.");
        }
    }

    private T Read<T>(string key, T fallback, string expected, Func<string, (bool Fits, T Value)> parse)
    {
        var value = Find(key);
        if (value is null) return fallback;
        if (value is YamlScalarNode { Value: { Length: > 0 } text })
        {
            var (fits, result) = parse(text);
            if (fits) return result;
        }

        Fault(value.Start.Line, $"{Name(key)}: found {Show(value)}, expected {expected}.");
        return fallback;
    }

    private YamlNode? Find(string key)
    {
        _known.Add(key);
        return node is not null && node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;
    }

    private string Suggest(string name)
    {
        return Spelling.Near(name, _known, most: 1) is [var best] ? $" (did you mean '{best}'?)" : "";
    }

    private string Name(string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static bool IsNull(YamlNode value) => value is YamlScalarNode { Value: null or "" or "~" or "null" };

    /// <summary>An address may hold a password, which belongs on no screen.</summary>
    private static string WithoutPassword(string text) =>
        text.IndexOf('@') is > 0 and var at && text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var from && from + 3 < at
        ? $"{text[..(from + 3)]}…{text[at..]}"
        : text;

    private static string Show(YamlNode value) => value switch
    {
        YamlScalarNode scalar => $"'{WithoutPassword(scalar.Value ?? "")}'",
        YamlSequenceNode => "a list",
        YamlMappingNode => "keys",
        _ => value.NodeType.ToString(),
    };
}
