using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tape.Venues.Frames;
using Tape.Venues.Json;

namespace Tape.Venues.Binance;

/// <summary>
/// Reads the levels of a depth frame, <c>[["price","quantity"],…]</c> without white space. The quotes of the frame are found first, so that each number's
/// place is known without reading the ones before. What it does not take is left to the full pass.
/// </summary>
internal sealed class LevelReader
{
    private const int QuotesPerLevel = 4;

    private static readonly uint Between = MemoryMarshal.Read<uint>("\",\"\0"u8);
    private static readonly uint BetweenMask = MemoryMarshal.Read<uint>([0xFF, 0xFF, 0xFF, 0]);
    private static readonly uint NextLevel = MemoryMarshal.Read<uint>("],[\""u8);

    private readonly QuoteIndex _quotes = new();
    private int _next;

    /// <summary>Takes a new frame.</summary>
    /// <param name="start">Its first byte; <see cref="QuoteIndex.PaddingBytes"/> zeros follow it.</param>
    /// <param name="from">Where its first levels are.</param>
    /// <param name="toExcl">Its length.</param>
    public void Open(ref byte start, int from, int toExcl)
    {
        _quotes.Find(ref start, from, toExcl);
        _next = 0;
    }

    /// <summary>Reads the array of levels at an offset behind the array read before.</summary>
    /// <returns>Its length, or 0.</returns>
    public int Read(ref byte start, int from, LevelList levels)
    {
        levels.Reset(from);
        if (Unsafe.Add(ref start, from) != '[') return 0;
        if (Unsafe.Add(ref start, from + 1) == ']') return 2;
        if (Unsafe.Add(ref start, from + 1) != '[' || Unsafe.Add(ref start, from + 2) != '"') return 0;
        var places = _quotes.Places[.._quotes.Count];
        while (_next < places.Length && places[_next] < from) _next++;
        places = places[_next..];
        var room = levels.Room(places.Length / QuotesPerLevel);
        var count = 0;
        var numbers = new QuotedNumbers(ref start);
        while (count < room.Length)
        {
            var level = places.Slice(count * QuotesPerLevel, QuotesPerLevel);
            if ((Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, level[1])) & BetweenMask) != Between) return 0;
            room[count++] = (numbers.Read(level[0] + 1, level[1]), numbers.Read(level[2] + 1, level[3]));
            var behind = level[3] + 1;
            if (Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, behind)) == NextLevel) continue;
            if (!numbers.AreRead || Unsafe.Add(ref start, behind) != ']' || Unsafe.Add(ref start, behind + 1) != ']') return 0;
            levels.Take(count);
            return behind + 2 - from;
        }

        return 0;
    }
}
