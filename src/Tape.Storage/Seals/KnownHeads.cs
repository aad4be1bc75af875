using Tape.Storage.Journal;
using Tape.Storage.Schema;
using Tape.Storage.Segments;

namespace Tape.Storage.Seals;

/// <summary>
/// How far logs had come, as the newest lines of other logs say. Damage of these is told by who reads them whole; here a line that can't be read says nothing.
/// </summary>
internal static class KnownHeads
{
    /// <summary>Logs grow; their newest lines lie in so many bytes at the end.</summary>
    private const int TailBytes = 256 << 10;

    /// <summary>How far the seal log had come when a segment was listed, verified or let go; null when nothing is known.</summary>
    public static LogHead? OfSeals(IFiles files, string vault) =>
        LogTail.Newest(files, SegmentHistory.PathOf(Path.Combine(vault, "tape")), TailBytes,
            json => Entry(json, "\"seals\":"u8, SegmentHistory.Format) is { Seals: not null } entry && SegmentEntryCheck.Fault(entry) is null ? entry : null,
                out _)?.Seals;

    /// <summary>How far the other logs had come at the last commit of the seal log.</summary>
    public static VaultHeads OfOthers(IFiles files, string vault)
    {
        var newest = LogTail.Newest(files, PartPath.SealLog(vault), TailBytes,
            json => Entry(json, "\"heads\":"u8, SealLogContent.Format) is { } entry && SealEntryCheck.Fault(entry) is null ? Said(entry) : null,
                out var isWhole);
        if (newest is not null || isWhole) return newest ?? new VaultHeads();
        try
        {
            return SealLog.Read(files, vault).Heads;
        }
        catch (DamagedException)
        {
            return new VaultHeads();
        }
    }

    private static VaultHeads? Said(SealLogEntry entry) => entry switch
    {
        CommitEntry commit => commit.Heads,
        HeadsEntry said => said.Heads,
        CheckpointEntry front => front.Heads,
        _ => null,
    };

    private static T? Entry<T>(ReadOnlySpan<byte> json, ReadOnlySpan<byte> field, LineFormat<T> format) where T : class
    {
        if (json.IndexOf(field) < 0) return null;
        try
        {
            return format.Read(json);
        }
        catch (Exception fault) when (JsonFaults.IsFault(fault))
        {
            return null;
        }
    }
}
