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
    private readonly double[] _numbers = new double[FieldNames.FieldsMax];
    private readonly long[] _integers = new long[FieldNames.FieldsMax];
    private ulong _present;
    private ulong _readNumbers;
    private ulong _readIntegers;

    /// <summary>The names.</summary>
    public FieldNames Names => names;

    /// <summary>Bits of the fields that are there.</summary>
    public ulong Present => _present;

    /// <summary>Which name tends to follow which in objects of this kind.</summary>
    public NameGuess Guess { get; } = new(names);

    /// <summary>The token of a field; meaningful only when <see cref="Has"/>.</summary>
    public ref readonly JsonToken this[int field] => ref _tokens[field & (FieldNames.FieldsMax - 1)];

    public bool Has(int field) => (_present & (1UL << field)) != 0;

    /// <summary>Whether there is one of several fields.</summary>
    public bool HasAny(ulong bits) => (_present & bits) != 0;

    /// <summary>Whether an array in this field is a list of book levels.</summary>
    public bool HasLevels(int field) => field >= 0 && (levelFields & (1UL << field)) != 0;

    public void Clear()
    {
        _present = _readNumbers = _readIntegers = 0;
        Guess.Start();
    }

    /// <summary>Begins with fields that are known to be there; their tokens and values follow.</summary>
    public void Restore(ulong present) => (_present, _readNumbers, _readIntegers) = (present, 0, 0);

    /// <summary>Sets the token of a field that was restored.</summary>
    public void Restore(int field, in JsonToken token) => _tokens[field & (FieldNames.FieldsMax - 1)] = token;

    /// <summary>Sets the value of a field that was restored.</summary>
    public void Restore(int field, double value)
    {
        _numbers[field & (FieldNames.FieldsMax - 1)] = value;
        _readNumbers |= 1UL << field;
    }

    /// <summary>Sets the value of a field that was restored.</summary>
    public void Restore(int field, long value)
    {
        _integers[field & (FieldNames.FieldsMax - 1)] = value;
        _readIntegers |= 1UL << field;
    }

    /// <summary>Adds a field with its value; it has no token then.</summary>
    public void Put(int field, double value)
    {
        _present |= 1UL << field;
        Restore(field, value);
    }

    /// <summary>Adds a field with its value; it has no token then.</summary>
    public void Put(int field, long value)
    {
        _present |= 1UL << field;
        Restore(field, value);
    }

    /// <summary>The value of a number that has been read already.</summary>
    public bool TryRead(int field, out double value)
    {
        value = _numbers[field & (FieldNames.FieldsMax - 1)];
        return (_readNumbers & (1UL << field)) != 0;
    }

    /// <summary>The value of an integer that has been read already.</summary>
    public bool TryRead(int field, out long value)
    {
        value = _integers[field & (FieldNames.FieldsMax - 1)];
        return (_readIntegers & (1UL << field)) != 0;
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
