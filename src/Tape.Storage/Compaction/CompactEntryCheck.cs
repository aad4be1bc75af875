using Tape.Storage.Files;
using Tape.Storage.Schema;
using Tape.Storage.Seals;

namespace Tape.Storage.Compaction;

/// <summary>Whether a line of <c>compact.log</c> says what it must say: one whose checksum is right may still be forged.</summary>
internal static class CompactEntryCheck
{
    private const string Folder = "compact/";

    /// <summary>What is wrong, as a sentence; null when nothing is.</summary>
    public static string? Fault(CompactEntry entry) =>
        entry is not CompactDay day ? null
        : !SealEntryCheck.IsDay(day.Day) ? $"the day {day.Day:yyyy-MM-dd}"
        : day.Generation < 0 ? $"generation {day.Generation} of {day.Day:yyyy-MM-dd}, expected 0 or more"
        : day.Tables is null ? $"no 'tables' of {day.Day:yyyy-MM-dd}"
        : day.Tables.Select(TableFault).FirstOrDefault(fault => fault is not null);

    private static string? TableFault(CompactTable? table) =>
        table is null or { Raw: null } or { Raw.Table: null } or { Raw.Venue: null } or { Checksum: null } ? "a table without table, venue or checksum"
        : EntryPath.Fault(table.Path, Folder, SealEntryCheck.PartEnding)
            ?? (table.Rows < 0 || table.Bytes < 0 || table.Duplicates < 0 || table.Raw.Rows < 0 ? $"a negative count of {table.Path}" : null)
            ?? (HexText.IsHash(table.Hash) && HexText.IsHash(table.DuplicatesHash) && HexText.IsHash(table.Raw.Hash)
                ? null : $"a hash of {table.Path} that is none, expected 32 hexadecimal digits");
}
