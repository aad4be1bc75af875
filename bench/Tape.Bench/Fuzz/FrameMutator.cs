namespace Tape.Bench.Fuzz;

/// <summary>Damages frames as wires, bugs and enemies do. What it does next depends on its Random alone.</summary>
internal sealed class FrameMutator(Random random, IReadOnlyList<byte[]> seeds)
{
    /// <summary>A mutated frame may be this long.</summary>
    public const int FrameBytesMax = 1 << 16;

    private static readonly byte[][] Tokens = [.. new[]
    {
        "null", "true", "false", "0", "-0", "-1", "1.5", "1e5", "12345678901234567890", "9223372036854775807", "9223372036854775808", "99999999999999", "\"\"",
            "\"x\"", "\"1\"", "\"-1.5e3\"",
        "\"1e400\"", "\"0.1000000000000000055511151231257827\"", "\"\\u0031\"", "\"\\ud83d\"", "[]", "{}", "[[\"1\",\"2\"]]", "{\"e\":\"trade\"}",
            "\"depthUpdate\"", "\"MARKET\"", "\\", "\"", ",", ":", " ", "\t",
    }.Select(Encoding.UTF8.GetBytes)];

    /// <summary>A seed with one to four mutations.</summary>
    public byte[] Next()
    {
        var frame = Any(seeds);
        for (var count = random.Next(1, 5); count > 0 && frame.Length is > 0 and < FrameBytesMax; count--) frame = Mutate(frame);
        return frame;
    }

    private byte[] Mutate(byte[] frame)
    {
        var at = random.Next(frame.Length);
        var (from, toExcl) = Span(frame);
        return random.Next(9) switch
        {
            0 => With(frame, at, (byte)(frame[at] ^ (1 << random.Next(8)))),
            1 => With(frame, at, (byte)random.Next(256)),
            2 => frame[..at],
            3 => [.. frame[..at], .. Any(seeds) is var other ? other[random.Next(other.Length)..] : []],
            4 => [.. frame[..toExcl], .. frame[from..]],
            5 => [.. frame[..from], .. frame[toExcl..]],
            6 => GrowNumber(frame, at),
            7 => SwapValue(frame, at),
            _ => [.. frame[..at], .. Any(Tokens), .. frame[at..]],
        };
    }

    /// <summary>Puts digits, a point, a sign or an exponent into the first number after a position.</summary>
    private byte[] GrowNumber(byte[] frame, int at)
    {
        var digit = frame.AsSpan(at).IndexOfAnyInRange((byte)'0', (byte)'9');
        if (digit < 0) return frame;
        var growth = random.Next(5) switch { 0 => "0", 1 => "-", 2 => ".", 3 => "e9", _ => new string('7', random.Next(1, 25)) };
        return [.. frame[..(at + digit)], .. Encoding.UTF8.GetBytes(growth), .. frame[(at + digit)..]];
    }

    /// <summary>Replaces what stands between a colon and the next comma or bracket.</summary>
    private byte[] SwapValue(byte[] frame, int at)
    {
        var colon = frame.AsSpan(at).IndexOf((byte)':');
        if (colon < 0) return frame;
        var from = at + colon + 1;
        var length = frame.AsSpan(from).IndexOfAny(",}]"u8);
        return length < 0 ? frame : [.. frame[..from], .. Any(Tokens), .. frame[(from + length)..]];
    }

    private (int From, int ToExcl) Span(byte[] frame)
    {
        var from = random.Next(frame.Length);
        return (from, Math.Min(frame.Length, from + random.Next(1, 40)));
    }

    private static byte[] With(byte[] frame, int at, byte value)
    {
        var changed = (byte[])frame.Clone();
        changed[at] = value;
        return changed;
    }

    private T Any<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];
}
