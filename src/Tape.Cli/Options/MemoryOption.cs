using System.CommandLine;
using System.CommandLine.Parsing;
using Tape.Query.Engine;

namespace Tape.Cli.Options;

/// <summary>The option <c>--limit-memory</c> of commands that ask DuckDB.</summary>
internal static class MemoryOption
{
    private static readonly (string Unit, long Bytes)[] Units = [("KB", 1L << 10), ("MB", 1L << 20), ("GB", 1L << 30), ("TB", 1L << 40)];

    public static Option<long?> Create() => new("--limit-memory")
    {
        Description = "Memory for the query, such as 512MB or 2GB (default: 1GB); past it, it spills to the vault's tmp folder or fails.",
        HelpName = "size",
        CustomParser = Parse,
    };

    private static long? Parse(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value.Trim() : "";
        var unit = Units.FirstOrDefault(unit => text.EndsWith(unit.Unit, StringComparison.OrdinalIgnoreCase));
        if (unit.Unit is not null && double.TryParse(text.AsSpan(0, text.Length - 2), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number * unit.Bytes is >= QueryLimits.MemoryBytesMin and < (1L << 50)) return (long)(number * unit.Bytes);
        result.AddError($"'{text}' is not a size of at least 64MB. Write 512MB or 2GB.");
        return null;
    }
}
