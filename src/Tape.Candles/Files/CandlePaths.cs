using Tape.Tables.Candles;

namespace Tape.Candles.Files;

/// <summary>
/// Where day files are: <c>data/&lt;venue&gt;/&lt;symbol&gt;/&lt;timeframe&gt;/&lt;YYYY-MM-DD&gt;.parquet</c>. '/' in a symbol becomes '-'; a folder that
/// belongs to another symbol, also by case, is left to it, and the symbol gets a suffix. To whom a folder belongs, its files say. Not thread-safe.
/// </summary>
public sealed class CandlePaths(IFiles files, string vault, ICandleFiles format)
{
    public const string Ending = ".parquet";

    private readonly Dictionary<string, PathNames> _names = new(StringComparer.Ordinal);

    /// <summary>The path of a day file, relative to the vault, with '/' on every platform.</summary>
    public string Relative(CandleDay day) => string.Create(CultureInfo.InvariantCulture,
        $"{FolderOf(day.Venue, day.Symbol)}/{day.Timeframe}/{day.Day:yyyy-MM-dd}{Ending}");

    /// <summary>The folder of a symbol, relative to the vault.</summary>
    public string FolderOf(string venue, string symbol)
    {
        if (!_names.TryGetValue(venue, out var names)) _names[venue] = names = new PathNames();
        return $"{VenueFolder(venue)}/{names.Of(symbol, name => OwnerOf(venue, name) is not { } owner || owner == symbol)}";
    }

    /// <summary>The folder of all candles.</summary>
    public static string DataFolder(string vault) => Path.Combine(vault, "data");

    private static string VenueFolder(string venue) => $"data/{PathText.Encode(venue)}";

    private static bool MayOwn(string symbol, string folder) => folder.StartsWith(new PathNames().Of(symbol), StringComparison.OrdinalIgnoreCase);

    /// <summary>The symbol to which a folder belongs; null when no file says.</summary>
    private string? OwnerOf(string venue, string name)
    {
        var folder = Path.Combine(DataFolder(vault), PathText.Encode(venue));
        if (files.ListFolders(folder).FirstOrDefault(there => there.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } found) return null;
        foreach (var timeframe in files.ListFolders(Path.Combine(folder, found)))
            foreach (var file in files.ListFiles(Path.Combine(folder, found, timeframe)).Where(file => file.EndsWith(Ending, StringComparison.Ordinal)))
                try
                {
                    // A file of a symbol that would never be put here is a stray one, and gives the folder to nobody.
                    if (format.Read(Path.Combine(folder, found, timeframe, file)) is [var first, ..] && MayOwn(first.Symbol, found)) return first.Symbol;
                }
                catch (DamagedException)
                {
                    // It names nobody; another file may. Whoever reads it for its rows tells of the damage.
                }

        return null;
    }
}
