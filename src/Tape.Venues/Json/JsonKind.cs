namespace Tape.Venues.Json;

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
