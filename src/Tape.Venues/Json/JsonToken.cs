namespace Tape.Venues.Json;

/// <summary>Where a value lies in a frame.</summary>
/// <param name="Start">0-based byte offset: of a string's first byte after the quote, of the first byte of any other value.</param>
/// <param name="Length">Bytes, without the quotes of a string.</param>
/// <param name="Kind">What it is.</param>
/// <param name="HasEscapes">Whether a string holds backslash escapes, so that its text differs from its bytes.</param>
internal readonly record struct JsonToken(int Start, int Length, JsonKind Kind, bool HasEscapes = false)
{
    /// <summary>The bytes of the value in its frame.</summary>
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> frame) => frame.Slice(Start, Length);
}

/// <summary>What a JSON value is. An integer is a number without fraction and exponent.</summary>
internal enum JsonKind : byte
{
    None = 0,
    String,
    Integer,
    Number,
    True,
    False,
    Null,
    Object,
    Array,
}
