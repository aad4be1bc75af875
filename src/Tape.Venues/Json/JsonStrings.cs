using System.Text.Unicode;

namespace Tape.Venues.Json;

/// <summary>What the bytes of a JSON string say.</summary>
internal static class JsonStrings
{
    /// <summary>Whether the bytes of a string without escapes are text.</summary>
    public static bool IsValid(ReadOnlySpan<byte> utf8) => Utf8.IsValid(utf8);

    /// <summary>Writes the text of a string whose syntax was checked before.</summary>
    /// <param name="escaped">The bytes between the quotes.</param>
    /// <param name="room">At least as long as <paramref name="escaped"/>: text is never longer than its escaped form.</param>
    /// <param name="length">Bytes written.</param>
    /// <returns>False when the result is not valid UTF-8: half a surrogate pair, or raw bytes that are no text.</returns>
    public static bool TryUnescape(ReadOnlySpan<byte> escaped, Span<byte> room, out int length)
    {
        length = 0;
        for (var at = 0; at < escaped.Length; at++)
        {
            if (escaped[at] != '\\')
            {
                room[length++] = escaped[at];
            }
            else if (escaped[++at] == 'u')
            {
                if (!TryReadRune(escaped, ref at, out var rune)) return false;
                length += rune.EncodeToUtf8(room[length..]);
            }
            else
            {
                room[length++] = Plain(escaped[at]);
            }
        }

        return Utf8.IsValid(room[..length]);
    }

    private static byte Plain(byte escape) => escape switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => escape,
    };

    /// <summary>Reads one or two escapes from the letter u on, and leaves the position at the last digit.</summary>
    private static bool TryReadRune(ReadOnlySpan<byte> escaped, ref int at, out Rune rune)
    {
        var first = Unit(escaped, at);
        at += 4;
        if (Rune.TryCreate(first, out rune)) return true;
        if (at + 6 >= escaped.Length || escaped[at + 1] != '\\' || escaped[at + 2] != 'u') return false;
        var second = Unit(escaped, at + 2);
        at += 6;
        return Rune.TryCreate(first, second, out rune);
    }

    private static char Unit(ReadOnlySpan<byte> escaped, int at)
        => (char)ushort.Parse(escaped.Slice(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
