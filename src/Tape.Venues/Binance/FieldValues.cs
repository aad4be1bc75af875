using System.Runtime.CompilerServices;

namespace Tape.Venues.Binance;

/// <summary>A value for each <see cref="BinanceField"/>, held in place.</summary>
[InlineArray(BinanceField.Count)]
internal struct FieldValues<T> where T : struct
{
    private T _first;
}
