namespace Tape.Venues.Frames;

/// <summary>How a field of a venue may differ between frames that look the same.</summary>
/// <param name="Numbers">Bits of the fields that are numbers.</param>
/// <param name="Integers">Bits of the fields that are integers.</param>
/// <param name="Texts">Bits of the fields that are names: of other letters and digits, their meaning is the same.</param>
/// <param name="Ids">Bits of the fields that are ids: any letters and digits.</param>
internal readonly record struct FieldTypes(ulong Numbers, ulong Integers, ulong Texts, ulong Ids)
{
    public static ulong Bits(params int[] fields) => fields.Aggregate(0UL, (bits, field) => bits | (1UL << field));
}
