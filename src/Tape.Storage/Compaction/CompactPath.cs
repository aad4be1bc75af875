using Tape.Storage.Files;
using Tape.Storage.Schema;

namespace Tape.Storage.Compaction;

/// <summary>Where the files of finished days are in a vault. Relative paths are written with '/' on every platform.</summary>
public static class CompactPath
{
    /// <summary>The folder of all of it, absolute.</summary>
    public static string Folder(string vault) => EntryPath.Absolute(vault, "compact");

    /// <summary>The log of finished days, absolute.</summary>
    public static string Log(string vault) => EntryPath.Absolute(vault, "compact/compact.log");

    /// <summary><c>compact/v1/&lt;table&gt;/venue=…/date=…</c>, relative to the vault.</summary>
    public static string DayFolder(RawTable table, string venue, DateOnly day) =>
        string.Create(CultureInfo.InvariantCulture, $"compact/{RawSchema.Version}/{table.Name}/venue={PathText.Encode(venue)}/date={day:yyyy-MM-dd}");

    /// <summary>The one file of a table, venue and day, relative to the vault; later generations end in <c>-g&lt;n&gt;</c>.</summary>
    public static string Of(RawTable table, string venue, DateOnly day, int generation) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{DayFolder(table, venue, day)}/day{(generation == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"-g{generation}"))}.parquet");

    /// <summary>Whether a file's name is one that <see cref="Of"/> gives: nothing else in these folders is ours.</summary>
    public static bool IsName(string name) => name.StartsWith("day", StringComparison.Ordinal) && name.EndsWith(".parquet", StringComparison.Ordinal);
}
