using Tape.Core.Candles;
using Tape.Storage.Files;
using Tape.Storage.Schema;

namespace Tape.Candles.Files;

/// <summary>A day file that is there.</summary>
/// <param name="Path">Relative to the vault, with '/' on every platform.</param>
/// <param name="VenueFolder">Its venue, as in the path.</param>
/// <param name="SymbolFolder">Its symbol, as in the path; the rows have the venue's own name.</param>
/// <param name="Day">UTC day on which its candles open.</param>
public sealed record DayFileEntry(string Path, string VenueFolder, string SymbolFolder, Timeframe Timeframe, DateOnly Day)
{
    /// <summary>Its path on this machine.</summary>
    public string In(string vault) => System.IO.Path.Combine([System.IO.Path.GetFullPath(vault), .. Path.Split('/')]);
}

/// <summary>Which day files a vault has. Links, temporary files and files with other names are none.</summary>
public static class DayFileList
{
    /// <summary>All of them, by path.</summary>
    public static IReadOnlyList<DayFileEntry> Read(IFiles files, string vault)
    {
        var found = new List<DayFileEntry>();
        var data = CandlePaths.DataFolder(vault);
        if (files.IsLink(data)) return found;
        foreach (var venue in Folders(files, data))
            foreach (var symbol in Folders(files, Path.Combine(data, venue)))
                foreach (var name in Folders(files, Path.Combine(data, venue, symbol)))
                    if (Timeframe.Find(name) is { } timeframe) Add(files, data, found, venue, symbol, timeframe);
        return found;
    }

    private static void Add(IFiles files, string data, List<DayFileEntry> found, string venue, string symbol, Timeframe timeframe)
    {
        var folder = Path.Combine(data, venue, symbol, timeframe.Name);
        foreach (var file in files.ListFiles(folder))
            if (CandleDay.TryReadName(file, CandlePaths.Ending, out var day) && !files.IsLink(Path.Combine(folder, file)))
                found.Add(new($"data/{venue}/{symbol}/{timeframe}/{file}", venue, symbol, timeframe, day));
    }

    private static IEnumerable<string> Folders(IFiles files, string folder) =>
        files.ListFolders(folder).Where(name => EntryPath.IsPlainName(name) && !files.IsLink(Path.Combine(folder, name)));
}
