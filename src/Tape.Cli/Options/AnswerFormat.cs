using System.CommandLine;
using Tape.Query.Output;

namespace Tape.Cli.Options;

/// <summary>
/// The option <c>--format</c> beside <c>--out</c>: without it the ending of the file decides, and an ending that says another format is refused.
/// </summary>
internal static class AnswerFormat
{
    /// <param name="formats">What the command writes.</param>
    /// <param name="otherwise">The format when neither a file nor a format is given; null where a file must be given.</param>
    public static Option<string?> Create(IReadOnlyList<string> formats, string? otherwise)
    {
        var option = new Option<string?>("--format")
        {
            HelpName = "format",
            Description = $"{string.Join(", ", formats.SkipLast(1))} or {formats[^1]}; without it the ending of --out decides"
                + (otherwise is null ? "." : $", else {otherwise} (parquet needs --out)."),
        };
        option.AcceptOnlyFromAmong([.. formats]);
        return option;
    }

    /// <summary>Checks both options together.</summary>
    public static void CheckAgainst(this Option<string?> format, Command command, Option<FileInfo?> output, IReadOnlyList<string> formats)
    {
        command.Validators.Add(result =>
        {
            if (!result.TryValue(format, out var wanted) || !result.TryValue(output, out var file)) return;
            if (file is null)
            {
                if (wanted == "parquet") result.AddError("--format parquet writes a file: give --out FILE.");
                return;
            }
            var ending = OfEnding(file);
            if (wanted is null && (ending is null || !formats.Contains(ending)))
                result.AddError($"'{file.Name}' does not end in {string.Join(", ", formats.Where(IsEnding).Select(name => $".{name}"))}: give --format.");
            else if (wanted is not null && ending is not null && wanted != ending)
                result.AddError($"--format {wanted} and the ending of '{file.Name}' say different things: give one, or let both say the same.");
        });
    }

    /// <summary>The format that an answer is written in.</summary>
    public static string Of(string? format, FileInfo? file, string otherwise) => format ?? (file is null ? otherwise : OfEnding(file)!);

    private static string? OfEnding(FileInfo file)
    {
        var ending = file.Extension.TrimStart('.').ToLowerInvariant();
        return IsEnding(ending) && RowWriters.Formats.Contains(ending) ? ending : null;
    }

    private static bool IsEnding(string format) => format != "table";
}
