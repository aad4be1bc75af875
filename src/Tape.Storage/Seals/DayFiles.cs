using Tape.Storage.Files;
using Tape.Storage.Schema;

namespace Tape.Storage.Seals;

/// <summary>
/// The parts of one table, venue and day that count at one moment: those of committed seals, in their newest generation. Paths are absolute, with '/' on every
/// platform.
/// </summary>
/// <param name="Folder">The folder of the day.</param>
/// <param name="Files">At least one.</param>
/// <param name="Paths">Where they are, in the same order.</param>
/// <param name="Others">Files in the folder that do not count: announced and not committed yet, or superseded and not set aside yet.</param>
public sealed record DayFiles(string Folder, IReadOnlyList<SealedFile> Files, IReadOnlyList<string> Paths, int Others)
{
    /// <summary>A glob over the folder; exact while <see cref="Others"/> is 0.</summary>
    public string Glob => $"{Folder}/part-*.parquet";

    /// <summary>What the files hold, as a sentence.</summary>
    public string Summary
    {
        get
        {
            var (first, last) = (new UnixNanos(Files.Min(file => file.ReceivedMin)), new UnixNanos(Files.Max(file => file.ReceivedMax)));
            var others = Others == 0 ? "" : $" {Others} further files in the folder do not count at this moment.";
            return string.Create(CultureInfo.InvariantCulture,
                $"{Files.Count} files, {Files.SaturatingSum(file => file.Rows):N0} rows received from {first} to {last}. Newer rows are on the tape until "
                    + $"they are "
                + $"sealed; 'tape query' sees them.{others}");
        }
    }

    /// <summary>Reads the seal log and looks into the folder.</summary>
    /// <exception cref="TapeException">No part is there, and the message says which days and venues are; or a folded file holds rows that do not count any
    /// more.</exception>
    /// <exception cref="DamagedException">The seal log is damaged.</exception>
    public static DayFiles Find(IFiles files, string vault, RawTable table, string venue, DateOnly day)
    {
        var committed = SealLog.Read(files, vault).Files.Where(file => file.Table == table.Name).ToList();
        var found = committed.Where(file => file.Venue == venue && file.Day == day).ToList();
        if (found.Count == 0) throw Missing(vault, table, venue, day, committed);
        if (found.Any(file => file.Except.Count > 0))
            throw new TapeException(
                string.Create(CultureInfo.InvariantCulture,
                    $"{vault}: ranges of {table} of {venue} on {day:yyyy-MM-dd} were derived again, and the day's folded file still has their old rows: no "
                    + $"list of files is exact"),
                "Run 'tape compact', which folds the day again, or ask with 'tape query', which leaves the old rows out.");
        var paths = found.Select(file => EntryPath.Confine(files, vault, file.Path)).ToList();
        var folder = Path.GetDirectoryName(paths[0])!;
        var counted = paths.Select(path => Path.GetFileName(path)).ToHashSet(StringComparer.Ordinal);
        var others = files.ListFiles(folder).Count(name => name.EndsWith(".parquet", StringComparison.Ordinal) && !counted.Contains(name));
        return new DayFiles(Slashes(folder), found, [.. paths.Select(Slashes)], others);
    }

    private static string Slashes(string path) => path.Replace(Path.DirectorySeparatorChar, '/');

    private static TapeException Missing(string vault, RawTable table, string venue, DateOnly day, List<SealedFile> committed)
    {
        var days = committed.Where(file => file.Venue == venue).Select(file => file.Day).ToList();
        var hint = days.Count > 0 ? string.Create(CultureInfo.InvariantCulture,
            $"There are files from {days.Min():yyyy-MM-dd} to {days.Max():yyyy-MM-dd}. Rows that are not sealed yet become files by 'tape seal'.")
            : committed.Count > 0 ? $"There are files of {string.Join(", ", committed.Select(file => file.Venue).Distinct())}."
            : "Rows become files when they are sealed: a recorder does that each minute, 'tape seal' at once. Name the vault's folder with --vault.";
        return new TapeException(string.Create(CultureInfo.InvariantCulture, $"{vault}: no sealed file of {table} of {venue} on {day:yyyy-MM-dd}"), hint);
    }
}
