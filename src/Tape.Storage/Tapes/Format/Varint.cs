namespace Tape.Storage.Tapes.Format;

/// <summary>Unsigned integers in 7-bit groups, lowest first, the high bit set on all but the last (LEB128); signed ones zigzag first.</summary>
internal static class Varint
{
    /// <summary>Writes a value and returns the position after it. The caller provides 10 bytes of room.</summary>
    public static int Write(Span<byte> target, int position, ulong value)
    {
        while (value >= 0x80)
        {
            target[position++] = (byte)(value | 0x80);
            value >>= 7;
        }
        target[position++] = (byte)value;
        return position;
    }

    /// <summary>Reads a value and moves the position past it.</summary>
    /// <returns>False when the bytes end too early or the value is longer than 64 bits.</returns>
    public static bool TryRead(ReadOnlySpan<byte> source, ref int position, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64 && position < source.Length; shift += 7)
        {
            var part = source[position++];
            if (shift == 63 && part > 1) return false;
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return true;
        }
        return false;
    }

    /// <summary>Small numbers of either sign become small unsigned ones: 0, -1, 1, -2 … become 0, 1, 2, 3 …</summary>
    public static ulong Zigzag(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long Unzigzag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
