using System.Text.RegularExpressions;

namespace Tape.Cli.Tests.Readme;

/// <summary>One command of a fenced <c>console</c> block and what it must print.</summary>
/// <param name="LineNumber">1-based line in the page.</param>
/// <param name="Input">What goes to standard input: of <c>echo '…' |</c>, or empty.</param>
/// <param name="Arguments">Behind <c>tape</c>.</param>
/// <param name="Status">Of a closing line <c>[exit 3]</c>; 0 without one.</param>
/// <param name="Expected">The lines as they were printed once; <c>…</c> alone on a line stands for lines that the page leaves out.</param>
internal sealed partial record ReadmeExample(int LineNumber, string Input, string[] Arguments, int Status, IReadOnlyList<string> Expected)
{
    /// <summary>All examples of a page, in its order.</summary>
    public static IReadOnlyList<ReadmeExample> ReadAll(IReadOnlyList<string> page)
    {
        var examples = new List<ReadmeExample>();
        for (var index = 0; index < page.Count; index++)
        {
            if (page[index] != "```console") continue;
            for (index++; page[index] != "```";)
            {
                var start = index++;
                while (page[index] != "```" && !page[index].StartsWith("$ ", StringComparison.Ordinal)) index++;
                examples.Add(Read(start + 1, page[start], [.. page.Skip(start + 1).Take(index - start - 1)]));
            }
        }

        return examples;
    }

    /// <summary>
    /// Whether a program's output is what the page shows: the same words, and the same numbers unless they come from a recording (<see cref="RunMask"/>).
    /// </summary>
    public bool Matches(string output) => Regex.IsMatch(Comparable(output), Pattern());

    private bool IsFromARecording => Arguments[0] == "sim" || Arguments.Any(argument => argument.StartsWith("first", StringComparison.Ordinal));

    private string Pattern() => @"\A" + string.Concat(Expected.Select(line => line == "…" ? "(?:.*\n)*?" : Regex.Escape(Comparable(line + "\n")))) + @"\z";

    private string Comparable(string text) => string.Join('\n', (IsFromARecording ? RunMask.Apply(text) : text).Split('\n').Select(line => line.Trim()));

    private static ReadmeExample Read(int lineNumber, string command, List<string> expected)
    {
        var form = Command().Match(command);
        if (!form.Success) throw new FormatException($"line {lineNumber}: '{command}' is not of the form \"$ tape …\" or \"$ echo '…' | tape …\"");
        var status = 0;
        if (expected.Count > 0 && ExitLine().Match(expected[^1]) is { Success: true } exit)
        {
            status = int.Parse(exit.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
            expected.RemoveAt(expected.Count - 1);
        }

        var input = form.Groups["input"].Success ? form.Groups["input"].Value + "\n" : "";
        return new(lineNumber, input,
            [.. Word().Matches(form.Groups["arguments"].Value).Select(word => word.Groups[1].Success ? word.Groups[1].Value : word.Value)], status, expected);
    }

    [GeneratedRegex(@"^\$ (?:echo '(?<input>[^']*)' \| )?tape (?<arguments>.*)$")]
    private static partial Regex Command();

    [GeneratedRegex("\"([^\"]*)\"|\\S+")]
    private static partial Regex Word();

    [GeneratedRegex(@"^\[exit (\d+)\]$")]
    private static partial Regex ExitLine();
}
