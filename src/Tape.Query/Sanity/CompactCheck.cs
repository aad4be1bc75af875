using Tape.Storage.Compaction;
using Tape.Storage.Files;
using Tape.Storage.Schema;

namespace Tape.Query.Sanity;

/// <summary>Checks the files of finished days: each is there and has the checksum with which it was proven against the RAW rows.</summary>
internal static class CompactCheck
{
    /// <summary>What is wrong, a sentence each.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IEnumerable<string> Findings(IFiles files, string vault, CancellationToken cancel)
    {
        CompactHistory history;
        try
        {
            history = CompactHistory.ReadWhole(files, vault);
        }
        catch (DamagedException fault)
        {
            return [fault.Message];
        }

        return [.. history.Days.SelectMany(day => day.Tables).Select(table => Fault(files, vault, table, cancel)).OfType<string>()];
    }

    private static string? Fault(IFiles files, string vault, CompactTable table, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (EntryPath.Refusal(files, vault, table.Path) is { } refused) return refused.Message;
        var path = EntryPath.Absolute(vault, table.Path);
        if (!files.FileExists(path))
            return CompactHistory.Read(files, vault).Days.SelectMany(day => day.Tables).Any(now => now.Path == table.Path)
                ? $"{table.Path} is missing ({table.Rows} rows)" : null;
        var checksum = PartChecksum.Of(files, path);
        return checksum == table.Checksum
            ? null : $"{table.Path} was changed after it was made: its {files.FileLength(path)} bytes have checksum {checksum}, expected {table.Bytes} bytes "
            + $"with {table.Checksum}";
    }
}
