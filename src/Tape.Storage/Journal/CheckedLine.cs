using Tape.Storage.Tapes.Format;

namespace Tape.Storage.Journal;

/// <summary>A line of a log of JSON objects: CRC32C of the JSON as eight hexadecimal digits, a space, the JSON, a line feed.</summary>
internal static class CheckedLine
{
    /// <summary>Bytes before the JSON.</summary>
    public const int PrefixBytes = 9;

    /// <param name="json">One object without line feeds, as JSON writers without indentation give it.</param>
    public static byte[] Write(ReadOnlySpan<byte> json)
    {
        var line = new byte[PrefixBytes + json.Length + 1];
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Crc32C.Of(json):x8} "), line);
        json.CopyTo(line.AsSpan(PrefixBytes));
        line[^1] = (byte)'\n';
        return line;
    }

    /// <summary>Reads a line without its line feed.</summary>
    /// <returns>Whether it is whole.</returns>
    public static bool TryRead(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> json)
    {
        json = default;
        if (line.Length <= PrefixBytes || line[PrefixBytes - 1] != ' ') return false;
        if (!uint.TryParse(line[..(PrefixBytes - 1)], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var expected)) return false;
        if (Crc32C.Of(line[PrefixBytes..]) != expected) return false;
        json = line[PrefixBytes..];
        return true;
    }

    /// <summary>Whether a whole line stands somewhere behind a bad one: the torn last write can't leave that, damage to durable bytes can.</summary>
    public static bool IsFollowedByAnother(ReadOnlySpan<byte> tail)
    {
        for (var start = 1; start + PrefixBytes < tail.Length; start++)
        {
            if (tail[start + PrefixBytes - 1] != ' ' || tail[start + PrefixBytes] != '{') continue;
            var length = tail[start..].IndexOf((byte)'\n');
            if (length > 0 && TryRead(tail.Slice(start, length), out _)) return true;
        }
        return false;
    }
}
