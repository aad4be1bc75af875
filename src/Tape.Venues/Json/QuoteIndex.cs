using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tape.Venues.Json;

/// <summary>Where the quotes of a text stand. Keeps its room; grows to the longest text seen. Not thread-safe.</summary>
internal sealed class QuoteIndex
{
    /// <summary>Bytes that must be readable behind a text, none of them a quote.</summary>
    public const int PaddingBytes = 64;

    private const int Step = 4;

    private int[] _places = new int[1024];

    /// <summary>Quotes found.</summary>
    public int Count { get; private set; }

    /// <summary>Offsets of the quotes, rising; 0 behind the last one.</summary>
    public ReadOnlySpan<int> Places => _places;

    /// <summary>Looks for the quotes between two offsets.</summary>
    public void Find(ref byte start, int from, int toExcl)
    {
        if (_places.Length < toExcl - from + (2 * PaddingBytes)) _places = new int[Math.Max(_places.Length * 2, toExcl - from + (2 * PaddingBytes))];
        ref var places = ref MemoryMarshal.GetArrayDataReference(_places);
        var count = 0;
        for (var at = from; at < toExcl; at += PaddingBytes)
        {
            var quotes = Vector512.Equals(Vector512.LoadUnsafe(ref start, (nuint)at), Vector512.Create((byte)'"')).ExtractMostSignificantBits();
            var countExcl = count + BitOperations.PopCount(quotes);
            for (var next = count; next < countExcl; next += Step)
            {
                Unsafe.Add(ref places, next) = TakeLowest(ref quotes, at);
                Unsafe.Add(ref places, next + 1) = TakeLowest(ref quotes, at);
                Unsafe.Add(ref places, next + 2) = TakeLowest(ref quotes, at);
                Unsafe.Add(ref places, next + 3) = TakeLowest(ref quotes, at);
            }

            count = countExcl;
        }

        _places.AsSpan(count, PaddingBytes).Clear();
        Count = count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int TakeLowest(ref ulong bits, int at)
    {
        var place = at + BitOperations.TrailingZeroCount(bits);
        bits &= bits - 1;
        return place;
    }
}
