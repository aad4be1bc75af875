using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Tape.Venues.Frames;
using Tape.Venues.Json;

namespace Tape.Venues.Bybit;

/// <summary>
/// The short way for tickers. A delta holds whatever has changed, so that hardly two of them have one layout; but all values are short texts in quotes, and
/// envelope and order of members are the same. Takes such a frame only, fills the fields that the full pass would fill, and leaves all else to that.
/// </summary>
public sealed partial class BybitDecoder
{
    // As many bytes are readable behind each name and each value's opening quote as is looked at there at once.
    private const int NameBytesMax = 32;
    private const int ValueBytesMax = 16;

    private static readonly ulong TickerNumbers = QuoteFields | PriceFields | InterestFields | (1UL << BybitField.FundingRate);
    private static readonly ulong TickerOthers = ~(TickerNumbers | FundingFields | (1UL << BybitField.TickerSymbol));

    private static ReadOnlySpan<byte> TickerOpening => "{\"topic\":\"tickers."u8;

    private static ReadOnlySpan<byte> TickerDelta => "\",\"type\":\"delta\",\"data\":{\"symbol\":\""u8;

    private static ReadOnlySpan<byte> TickerSnapshot => "\",\"type\":\"snapshot\",\"data\":{\"symbol\":\""u8;

    /// <summary>Adds the rows of a ticker.</summary>
    /// <returns>False when the full pass must judge the frame.</returns>
    private bool TryTicker(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < TickerOpening.Length + NameBytesMax) return false;
        ref var start = ref MemoryMarshal.GetReference(frame);
        var symbolLength = BitOperations.TrailingZeroCount(StopsAt(ref start, TickerOpening.Length));
        if (symbolLength is 0 or 32) return false;
        var symbol = frame.Slice(TickerOpening.Length, symbolLength);
        var rest = frame[(TickerOpening.Length + symbolLength)..];
        var at = frame.Length - rest.Length
            + (rest.StartsWith(TickerDelta) ? TickerDelta.Length : rest.StartsWith(TickerSnapshot) ? TickerSnapshot.Length : frame.Length);
        if (at >= frame.Length || !frame[at..].StartsWith(symbol)) return false;
        _data.Restore(1UL << BybitField.TickerSymbol);
        _data.Restore(BybitField.TickerSymbol, new JsonToken(at, symbolLength, JsonKind.String));
        at += symbolLength;
        if (at >= frame.Length || frame[at++] != '"' || !TryMembers(frame, ref at) || !TryTickerEnd(frame, at)) return false;
        AddTickers(frame);
        return FormFault is null && Events.Count > 0;
    }

    /// <summary>Reads what follows the symbol, up to the end of the data.</summary>
    private bool TryMembers(ReadOnlySpan<byte> frame, ref int at)
    {
        ref var start = ref MemoryMarshal.GetReference(frame);
        var numbers = new QuotedNumbers(ref start);
        ulong seen = 0;
        while (frame.Length - at > 2 + NameBytesMax && Unsafe.Add(ref start, at) == ',' && Unsafe.Add(ref start, at + 1) == '"')
        {
            var nameFrom = at + 2;
            var nameLength = BitOperations.TrailingZeroCount(StopsAt(ref start, nameFrom));
            at = nameFrom + nameLength + 3;
            if (nameLength == 32 || frame.Length - at < ValueBytesMax || !frame[(at - 3)..].StartsWith("\":\""u8)) return false;
            var length = BitOperations.TrailingZeroCount(JsonScanner.StopsIn(Vector128.LoadUnsafe(ref start, (nuint)at)));
            if (length == 32 || Unsafe.Add(ref start, at + length) != '"') return false;
            var field = BybitField.Names.Of(frame.Slice(nameFrom, nameLength));
            if (field != FieldNames.None && !TakeMember(frame, field, at, length, ref numbers, ref seen)) return false;
            at += length + 1;
        }

        return numbers.AreRead;
    }

    /// <summary>Takes a value in quotes; an empty one says as much as none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TakeMember(ReadOnlySpan<byte> frame, int field, int from, int length, ref QuotedNumbers numbers, ref ulong seen)
    {
        var bit = 1UL << field;
        if ((seen & bit) != 0 || field == BybitField.TickerSymbol) return false;
        seen |= bit;
        if ((bit & TickerOthers) != 0 || length == 0) return true;
        if ((bit & TickerNumbers) != 0) _data.Put(field, numbers.Read(from, from + length));
        else if (QuotedNumbers.TryReadInteger(frame, from, length, out var integer)) _data.Put(field, integer);
        else return false;
        return true;
    }

    /// <summary>Reads <c>},"cs":1,"ts":2}</c>, the end of the frame.</summary>
    private bool TryTickerEnd(ReadOnlySpan<byte> frame, int at)
    {
        if (!frame[at..].StartsWith("},\"cs\":"u8)) return false;
        at += "},\"cs\":"u8.Length;
        var length = frame[at..].IndexOf((byte)',');
        if (!QuotedNumbers.TryReadInteger(frame, at, length, out _)) return false;
        at += length;
        if (!frame[at..].StartsWith(",\"ts\":"u8) || frame[^1] != '}') return false;
        at += ",\"ts\":"u8.Length;
        if (!QuotedNumbers.TryReadInteger(frame, at, frame.Length - 1 - at, out var sent)) return false;
        _root.Restore(1UL << BybitField.SentTime);
        _root.Restore(BybitField.SentTime, sent);
        return true;
    }

    /// <summary>Which of the 32 bytes at an offset end or break a plain string.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint StopsAt(ref byte start, int offset) => JsonScanner.StopsIn(Vector256.LoadUnsafe(ref start, (nuint)offset));
}
