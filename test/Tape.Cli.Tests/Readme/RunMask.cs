using System.Text.RegularExpressions;

namespace Tape.Cli.Tests.Readme;

/// <summary>
/// Hides what differs between two runs of a recording (times, durations, sizes, counts, ids, the folder's place), so that real output can be compared.
/// The numbers that the program promises, such as <c>unexplained 0</c>, stay.
/// </summary>
internal static partial class RunMask
{
    /// <summary>The text with <c>#</c> for each value that differs, and short runs of blanks and dashes: columns are as wide as their values.</summary>
    public static string Apply(string text) =>
        Widths().Replace(Varying().Replace(text, found => found.Groups["kept"].Success ? found.Value : "#"), found => found.Value[..1]);

    [GeneratedRegex("""
        (?<kept> \(\d+\ rows?\) | unexplained\ +\d+ | \d+\ connections\ in\ \d+\ runs | \d+\ rows\ not\ sealed\ yet | \d+\ dropped\b | \d+\ undecodable
            | \d+\ kill\b | \d+\ segments\b | \d+\ differ\b )
        | (?<!\S)(?:/|[A-Za-z]:\\)[^\n"]*?(?=first\b)            # the folder that the test runs in
        | \d{4}-\d\d-\d\d (?: [T\ ]\d\d:\d\d:\d\d(?:\.\d+)?Z? )?
        | (?<!\w)\d\d:\d\d\b
        | (?<=\btape\ )[0-9a-f]{16}
        | (?<![\w@])[\d.,]*\d\ (?:B|[KMGT]iB)\b
        | (?<![\w@])[\d.,]*\d(?:ns|µs|ms|s|m|h|d)\b
        | (?<![\w@])\d[\d,]*(?:\.\d+)?
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Varying();

    [GeneratedRegex("  +|---+")]
    private static partial Regex Widths();
}
