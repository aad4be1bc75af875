using Tape.Venues.Json;

namespace Tape.Venues.Binance;

/// <summary>Where the fields of one object lie in its frame, by <see cref="BinanceField"/>. Of duplicate names the last counts, and null means absent.</summary>
internal sealed class BinanceFields
{
    private readonly JsonToken[] _tokens = new JsonToken[BinanceField.Count];
    private ulong _present;

    /// <summary>The token of a field; meaningful only when <see cref="Has"/>.</summary>
    public ref readonly JsonToken this[int field] => ref _tokens[field & 63];

    public bool Has(int field) => (_present & (1UL << field)) != 0;

    public void Clear() => _present = 0;

    /// <summary>Takes a member of the object. <c>"result":null</c> is the one null that says something.</summary>
    public void Set(int field, in JsonToken token)
    {
        _tokens[field & 63] = token;
        if (token.Kind == JsonKind.Null && field != BinanceField.Result) _present &= ~(1UL << field);
        else _present |= 1UL << field;
    }
}
