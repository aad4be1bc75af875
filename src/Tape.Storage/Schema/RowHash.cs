namespace Tape.Storage.Schema;

/// <summary>
/// What identifies a set of rows whatever their order: two sums, modulo 2^64, of two 64-bit hashes of each row. Equal sets give equal hashes; sets add up.
/// How a row is hashed is part of the format: see <c>RowHasher</c> in Tape.Tables.
/// </summary>
public readonly record struct RowHash(ulong First, ulong Second)
{
    /// <summary>The hash of both sets together.</summary>
    public static RowHash operator +(RowHash left, RowHash right) => new(left.First + right.First, left.Second + right.Second);

    /// <summary>The hash of a set without a part of it.</summary>
    public static RowHash operator -(RowHash whole, RowHash part) => new(whole.First - part.First, whole.Second - part.Second);

    /// <summary>Reads 32 hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static RowHash Parse(string text) => text.Length == 32
        ? new(ulong.Parse(text.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            ulong.Parse(text.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
        : throw new FormatException($"a row hash has 32 hexadecimal digits, found '{text}'");

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => $"{First:x16}{Second:x16}";
}
