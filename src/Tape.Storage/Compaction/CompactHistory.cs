using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Seals;

namespace Tape.Storage.Compaction;

/// <summary>What <c>compact/compact.log</c> says: of each day its newest line.</summary>
public sealed class CompactHistory
{
    internal static readonly LineFormat<CompactEntry> Format =
        new("The RAW tables are not touched by this. Set the folder compact aside: all days are made again.", CompactJson.Default.CompactEntry);

    private readonly SortedDictionary<DateOnly, CompactDay> _days = [];

    /// <summary>The days in order.</summary>
    public IReadOnlyCollection<CompactDay> Days => _days.Values;

    /// <summary>Of the line that was written last; null for an empty log.</summary>
    public CompactDay? Last { get; private set; }

    /// <summary>Reads the log as it is, without a lock; empty when there is none.</summary>
    /// <exception cref="DamagedException">The log is damaged before its last line.</exception>
    public static CompactHistory Read(IFiles files, string vault)
    {
        var history = new CompactHistory();
        CheckedLog.Read(files, CompactPath.Log(vault), Format, history.Take);
        return history;
    }

    /// <summary>As <see cref="Read"/>, for readers who want all finished days.</summary>
    /// <exception cref="DamagedException">The log is damaged, or days are missing that it had at the last seal.</exception>
    public static CompactHistory ReadWhole(IFiles files, string vault)
    {
        for (var isLast = false; ; isLast = true)
        {
            var (expected, history) = (SealLog.HeadsOf(files, vault).Compact, new CompactHistory());
            var chain = CheckedLog.Read(files, CompactPath.Log(vault), Format, history.Take, expected);
            if (VaultHeads.Fault(expected, chain) is not { } fault) return history;
            if (isLast)
                throw new DamagedException($"{CompactPath.Log(vault)}: found {fault}",
                    "The RAW tables are not touched by this. 'tape compact', or a running server by itself, makes the missing days again; the seal after that "
                        + "ends this.");
        }
    }

    /// <summary>The file of a table, venue and day, absolute and with '/' on every platform.</summary>
    /// <exception cref="TapeException">There is none; the message says what there is.</exception>
    public static string PathOf(IFiles files, string vault, string table, string venue, DateOnly day)
    {
        var history = ReadWhole(files, vault);
        if (history.Find(day)?.Tables.FirstOrDefault(made => (made.Raw.Table, made.Raw.Venue) == (table, venue)) is { } found)
            return EntryPath.Confine(files, vault, found.Path).Replace(Path.DirectorySeparatorChar, '/');
        throw new TapeException(
            $"{vault}: no file of a finished day of {table} of {venue} on "
                + $"{day:yyyy-MM-dd}{(history.Find(day) is null ? "" : ": the day is made and has no such rows")}",
            history.Days.Count == 0 ? "'tape compact' makes the files of finished days; a recorder does so in the background."
                : $"There are days from {history.Days.First().Day:yyyy-MM-dd} to {history.Days.Last().Day:yyyy-MM-dd}.");
    }

    /// <summary>What is known of a day; null when it was not made yet.</summary>
    public CompactDay? Find(DateOnly day) => _days.GetValueOrDefault(day);

    internal void Take(ReadOnlySpan<byte> json)
    {
        var entry = Format.Read(json);
        if (CompactEntryCheck.Fault(entry) is { } fault) throw new FormatException(fault);
        Take(entry);
    }

    internal void Take(CompactEntry entry)
    {
        if (entry is not CompactDay day) return;
        var expected = Find(day.Day) is { } before ? before.Generation + 1 : 0;
        if (day.Generation != expected) throw new FormatException($"generation {day.Generation} of {day.Day:yyyy-MM-dd}, expected {expected}");
        _days[day.Day] = Last = day;
    }
}
