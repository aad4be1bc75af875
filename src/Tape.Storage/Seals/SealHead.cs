using System.Text.Json;
using Tape.Storage.Journal;
using Tape.Storage.Retention;

namespace Tape.Storage.Seals;

/// <summary>What the list of segments says of the seal log: how far that had come when a segment was listed, verified or let go.</summary>
internal static class SealHead
{
    /// <summary>The list grows for ever; its newest lines lie in so many bytes at its end.</summary>
    private const int TailBytes = 256 << 10;

    /// <summary>The newest of them; null when nothing is known. Damage of the list is told by who reads it whole.</summary>
    public static LogHead? Known(IFiles files, string vault)
    {
        var path = SegmentHistory.PathOf(Path.Combine(vault, "tape"));
        if (!files.FileExists(path)) return null;
        using var file = files.Open(path, FileUse.Read);
        var (length, from) = (file.Length, Math.Max(0, file.Length - TailBytes));
        var tail = new byte[(int)Math.Min(length, TailBytes)];
        ReadOnlySpan<byte> bytes = tail.AsSpan(0, file.Read(from, tail));
        while (bytes.LastIndexOf((byte)'\n') is var end and >= 0)
        {
            bytes = bytes[..end];
            var line = bytes[(bytes.LastIndexOf((byte)'\n') + 1)..];
            if (CheckedLine.TryRead(line, out var json) && HeadOf(json) is { } head) return head;
        }

        return null;
    }

    private static LogHead? HeadOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            return JsonDocument.TryParseValue(ref reader, out var document) && document.RootElement.TryGetProperty("seals", out var seals)
                && seals.TryGetProperty("lines", out var lines) && lines.TryGetInt64(out var count) && seals.TryGetProperty("chain", out var chain)
                && SealEntryCheck.IsRowHash(chain.GetString()) && count >= 0 ? new LogHead(count, chain.GetString()!) : null;
        }
        catch (Exception fault) when (JsonFaults.IsFault(fault))
        {
            // A line of that form is damage, which whoever reads the list whole tells.
            return null;
        }
    }
}
