using Tape.Venues.Json;

namespace Tape.Venues.Frames;

/// <summary>
/// Where the fields of one object lie in its frame, by their numbers in <see cref="FieldNames"/>. Of duplicate names the last counts, and null means absent.
/// </summary>
/// <param name="names">The names that mean something in the venue's frames.</param>
/// <param name="levelFields">Bits of the fields whose arrays are book levels.</param>
/// <param name="nullFields">Bits of the fields whose null says something.</param>
internal sealed class FrameFields(FieldNames names, ulong levelFields = 0, ulong nullFields = 0)
{
    private readonly JsonToken[] _tokens = new JsonToken[FieldNames.FieldsMax];
    private ulong _present;

    /// <summary>Which name tends to follow which in objects of this kind.</summary>
    public NameGuess Guess { get; } = new(names);

    /// <summary>The token of a field; meaningful only when <see cref="Has"/>.</summary>
    public ref readonly JsonToken this[int field] => ref _tokens[field & (FieldNames.FieldsMax - 1)];

    public bool Has(int field) => (_present & (1UL << field)) != 0;

    /// <summary>Whether an array in this field is a list of book levels.</summary>
    public bool HasLevels(int field) => field >= 0 && (levelFields & (1UL << field)) != 0;

    public void Clear()
    {
        _present = 0;
        Guess.Start();
    }

    /// <summary>Takes a member of the object.</summary>
    public void Set(int field, in JsonToken token)
    {
        _tokens[field & (FieldNames.FieldsMax - 1)] = token;
        var bit = 1UL << field;
        if (token.Kind == JsonKind.Null && (nullFields & bit) == 0) _present &= ~bit;
        else _present |= bit;
    }
}
