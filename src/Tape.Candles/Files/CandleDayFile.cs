using Tape.Core.Candles;
using Tape.Storage.Files;
using Tape.Storage.Schema;
using Tape.Tables.Candles;

namespace Tape.Candles.Files;

/// <summary>Reads and replaces day files, each whole at any moment for other programs. Not thread-safe.</summary>
public sealed class CandleDayFile(IFiles files, string vault, ICandleFiles format)
{
    /// <summary>What is added to the name of a damaged file that is set aside; a number may follow.</summary>
    public const string SetAsideEnding = ".damaged";

    private const string Hint = "It is set aside under another name and made again from what is on the tape.";

    /// <summary>Where they are.</summary>
    public CandlePaths Paths { get; } = new(files, vault, format);

    /// <summary>Reads a day, checked; empty when there is no file.</summary>
    /// <exception cref="DamagedException">The file can't be read, is not of this day, or has rows that no rule allows.</exception>
    public IReadOnlyList<StoredCandle> Read(CandleDay day)
    {
        var path = EntryPath.Confine(files, vault, Paths.Relative(day));
        if (!files.FileExists(path)) return [];
        var rows = format.Read(path);
        for (var row = 0; row < rows.Count; row++)
            if (Fault(day, rows, row) is { } fault) throw new DamagedException($"{path}: row {row}: {fault}", Hint);
        return rows;
    }

    /// <summary>Puts rows in the place of a day file; without rows there is none afterwards. Durable when this returns.</summary>
    /// <param name="rows">In order of time.</param>
    public void Replace(CandleDay day, IReadOnlyList<StoredCandle> rows)
    {
        var relative = Paths.Relative(day);
        var path = EntryPath.Confine(files, vault, relative);
        var folder = Path.GetDirectoryName(path)!;
        if (rows.Count == 0)
        {
            files.Delete(path);
            if (files.ListFolders(Path.GetDirectoryName(folder)!).Contains(Path.GetFileName(folder))) files.SyncFolder(folder);
            return;
        }

        DurableFolder.Create(files, folder);
        // Beside it, under a name that no pattern for day files meets.
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.tmp");
        format.Write(temporary, rows);
        files.Move(temporary, path, overwrite: true);
        files.SyncFolder(folder);
    }

    /// <summary>Gives a damaged file another name, so that nothing of it is lost.</summary>
    /// <returns>The new path.</returns>
    public string SetAside(CandleDay day)
    {
        var path = EntryPath.Confine(files, vault, Paths.Relative(day));
        var aside = path + SetAsideEnding;
        for (var number = 2; files.FileExists(aside); number++) aside = string.Create(CultureInfo.InvariantCulture, $"{path}{SetAsideEnding}-{number}");
        files.Move(path, aside, overwrite: false);
        files.SyncFolder(Path.GetDirectoryName(path)!);
        return aside;
    }

    private static string? Fault(CandleDay day, IReadOnlyList<StoredCandle> rows, int row)
    {
        var candle = rows[row];
        return CandleDay.Of(candle) != day ? $"found a candle of {CandleDay.Of(candle)}, expected {day}"
            : row > 0 && candle.OpenTimeMs <= rows[row - 1].OpenTimeMs
            ? $"found {candle.OpenTimeMs} behind {rows[row - 1].OpenTimeMs}, expected rising open times"
            : CandleRules.BrokenBy(candle) is { } rule ? $"found a candle that breaks the rule {rule}" : null;
    }
}
