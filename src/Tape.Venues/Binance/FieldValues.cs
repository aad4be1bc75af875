using System.Runtime.CompilerServices;
using Tape.Venues.Frames;

namespace Tape.Venues.Binance;

/// <summary>A value for each <see cref="BinanceField"/>, held in place.</summary>
[InlineArray(FieldNames.FieldsMax)]
internal struct FieldValues<T> where T : struct
{
    private T _first;
}
