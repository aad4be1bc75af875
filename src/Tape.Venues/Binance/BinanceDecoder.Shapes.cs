using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;
using Tape.Venues.Json;

namespace Tape.Venues.Binance;

/// <summary>
/// The short way for frames that look like the one before: compare with its shape, read only the values. It either gives the same events
/// as the full pass would, or gives up and leaves the frame to it; it never refuses one.
/// </summary>
public sealed partial class BinanceDecoder
{
    private const int ShapesPerKind = 4;
    private const int LearnMax = 256;
    private const int ShapedBytesMax = 1 << 16;

    private static ReadOnlySpan<byte> Opening => "{\"stream\":\""u8;

    private static ReadOnlySpan<byte> Middle => "\",\"data\":{\"e\":\""u8;

    private static readonly ShapeStep MiddleStep = new(Middle, StepKind.Fixed, 0);

    private static readonly uint True = MemoryMarshal.Read<uint>("true"u8);
    private static readonly uint Fals = MemoryMarshal.Read<uint>("fals"u8);

    private readonly FrameShape?[] _shapes = new FrameShape?[8 * ShapesPerKind];
    private FieldValues<long> _integers;
    private FieldValues<double> _numbers;
    private readonly LevelReader _levels = new();
    private readonly byte[] _padded = new byte[ShapedBytesMax + QuoteIndex.PaddingBytes];
    private JsonToken _symbol;
    private JsonToken _tradeId;
    private bool _isOddValue;
    private int _typeStart;
    private int _learnt;

    /// <summary>Tries the shapes of the frame's event type.</summary>
    private bool TryShapes(ReadOnlySpan<byte> frame)
    {
        _typeStart = 0;
        if (frame.Length is < 64 or > ShapedBytesMax || !frame.StartsWith(Opening)) return false;
        frame.CopyTo(_padded);
        ref var start = ref MemoryMarshal.GetArrayDataReference(_padded);
        Unsafe.InitBlockUnaligned(ref Unsafe.Add(ref start, frame.Length), 0, QuoteIndex.PaddingBytes);
        var at = Opening.Length;
        if (!PastText(ref start, ref at)) return false;
        _stream = new JsonToken(Opening.Length, at - Opening.Length, JsonKind.String);
        if (!MiddleStep.Matches(ref Unsafe.Add(ref start, at))) return false;
        _typeStart = at + Middle.Length;
        var first = (int)KindOfLetter(_padded[_typeStart]) * ShapesPerKind;
        for (var shape = first; shape < first + ShapesPerKind && _shapes[shape] is { } candidate; shape++)
        {
            _isOddValue = false;
            if (Match(candidate, ref start, _typeStart, frame.Length) && Emit(candidate))
            {
                LearnLayout(frame, candidate);
                if (shape > first) (_shapes[shape], _shapes[first]) = (_shapes[first], candidate);
                return true;
            }

            if (_isOddValue) _typeStart = 0;
        }

        return false;
    }

    /// <summary>
    /// Takes the shape of a frame that went the full way, so that the next one like it need not; not when only a value was odd (a minus, many
    /// digits). The oldest shape gives way; after 256 attempts this decoder learns no more, so that nothing can keep it allocating.
    /// </summary>
    private void Learn(ReadOnlySpan<byte> frame)
    {
        if (_typeStart == 0 || _learnt == LearnMax) return;
        var kind = KindOfLetter(frame[_typeStart]);
        if (kind == EventKind.Unknown) return;
        _learnt++;
        if (FrameShape.Learn(frame, _typeStart, kind) is not { } shape) return;
        var first = (int)kind * ShapesPerKind;
        _shapes.AsSpan(first, ShapesPerKind - 1).CopyTo(_shapes.AsSpan(first + 1));
        _shapes[first] = shape;
    }

    /// <summary>The event types that have shapes differ in their first letter.</summary>
    private static EventKind KindOfLetter(byte letter) => letter switch
    {
        (byte)'a' => EventKind.AggregateTrade,
        (byte)'b' => EventKind.Quote,
        (byte)'d' => EventKind.Depth,
        (byte)'m' => EventKind.Mark,
        (byte)'t' => EventKind.Trade,
        _ => EventKind.Unknown,
    };

    private bool Match(FrameShape shape, ref byte start, int at, int length)
    {
        var areLevelsOpen = false;
        foreach (ref readonly var step in shape.Steps.AsSpan())
        {
            if (!step.Matches(ref Unsafe.Add(ref start, at))) return false;
            at += step.Length;
            var taken = 0;
            switch (step.Kind)
            {
                case StepKind.Fixed:
                    continue;
                case StepKind.Integer:
                    taken = PaddedDigits.ReadInteger(ref Unsafe.Add(ref start, at), out _integers[step.Field & 63]);
                    if (step.Field == shape.IdField) _tradeId = new JsonToken(at, taken, JsonKind.Integer);
                    break;
                case StepKind.Number:
                    taken = ReadSigned(ref Unsafe.Add(ref start, at), out _numbers[step.Field & 63]);
                    break;
                case StepKind.Boolean:
                    taken = ReadBoolean(ref Unsafe.Add(ref start, at), out _integers[step.Field & 63]);
                    break;
                case StepKind.Levels:
                    if (!areLevelsOpen) _levels.Open(ref start, at, length);
                    areLevelsOpen = true;
                    taken = _levels.Read(ref start, at, step.Field == Field.BidPrice ? Bids : Asks);
                    break;
                default:
                    var from = at;
                    if (!PastText(ref start, ref at)) return false;
                    if (step.Kind == StepKind.Symbol) _symbol = new JsonToken(from, at - from, JsonKind.String);
                    continue;
            }

            if (taken == 0)
            {
                _isOddValue = true;
                return false;
            }

            at += taken;
        }

        return at == length;
    }

    /// <summary>Moves to the closing quote of a string without escapes that is valid text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool PastText(ref byte start, ref int at)
    {
        var bytes = Vector128.LoadUnsafe(ref Unsafe.Add(ref start, at));
        var stops = JsonScanner.StopsIn(bytes);
        if (stops == 0 || bytes.ExtractMostSignificantBits() != 0) return PastLongText(ref start, ref at);
        at += BitOperations.TrailingZeroCount(stops);
        return Unsafe.Add(ref start, at) == '"';
    }

    private bool PastLongText(ref byte start, ref int at)
    {
        var from = at;
        uint stops;
        while ((stops = JsonScanner.StopsIn(Vector128.LoadUnsafe(ref Unsafe.Add(ref start, at)))) == 0) at += Vector128<byte>.Count;
        at += BitOperations.TrailingZeroCount(stops);
        return Unsafe.Add(ref start, at) == '"' && Utf8.IsValid(_padded.AsSpan(from, at - from));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadSigned(ref byte at, out double value)
    {
        if (at != '-') return PaddedDigits.ReadNumber(ref at, out value);
        var length = PaddedDigits.ReadNumber(ref Unsafe.Add(ref at, 1), out value);
        value = -value;
        return length == 0 ? 0 : length + 1;
    }

    /// <summary>1 for true, 0 for false.</summary>
    private static int ReadBoolean(ref byte at, out long value)
    {
        var four = Unsafe.ReadUnaligned<uint>(ref at);
        value = four == True ? 1 : 0;
        if (value == 1) return 4;
        return four == Fals && Unsafe.Add(ref at, 4) == 'e' ? 5 : 0;
    }

    /// <summary>Adds the rows of a matched frame; gives up on values that the full pass must judge.</summary>
    private bool Emit(FrameShape shape)
    {
        if (_symbol.Length == 0 || !TryTimes(shape, out var time, out var sent)) return false;
        if (shape.Kind == EventKind.Depth && BinanceStream.IsRpiDepth(_stream.In(_padded))) return false;
        var isTrade = shape.Kind is EventKind.AggregateTrade or EventKind.Trade;
        Emit(shape, time, sent, Events.AddText(_symbol.In(_padded)), isTrade ? Events.AddText(_tradeId.In(_padded)) : default);
        return true;
    }

    private bool TryTimes(FrameShape shape, out long time, out long sent)
        => Nanos(shape, Field.TransactionTime, out time) & Nanos(shape, Field.EventTime, out sent);

    /// <summary>Adds the rows of a frame whose values have been read.</summary>
    private void Emit(FrameShape shape, long time, long sent, TextRef symbol, TextRef tradeId)
    {
        switch (shape.Kind)
        {
            case EventKind.AggregateTrade:
                EmitTrade(new EventHead(0, symbol, time, sent), tradeId, OrAbsentNumber(shape, BinanceField.QuantityExRpi),
                    OrAbsent(shape, Field.FirstId), OrAbsent(shape, Field.LastId));
                break;
            case EventKind.Trade:
                EmitTrade(new EventHead(0, symbol, time, sent), tradeId, OrAbsentNumber(shape, BinanceField.QuantityExRpi), Absent.Integer, Absent.Integer);
                break;
            case EventKind.Quote:
                EmitQuote(new EventHead(0, symbol, time, sent), _numbers[Field.BidPrice], _numbers[Field.BidQuantity], _numbers[Field.AskPrice],
                    _numbers[Field.AskQuantity], _integers[Field.UpdateId]);
                break;
            case EventKind.Mark:
                EmitMarkPrice(new EventHead(0, symbol, sent, Absent.Integer), _numbers[Field.Price], OrAbsentNumber(shape, Field.Index),
                    OrAbsentNumber(shape, Field.Rate), time);
                break;
            default:
                EmitBook(new EventHead(0, symbol, time, sent), KindOn(_stream.In(_padded)), OrAbsent(shape, Field.FirstUpdateId), _integers[Field.UpdateId],
                    OrAbsent(shape, BinanceField.PreviousUpdate), Absent.Integer);
                break;
        }
    }

    private void EmitTrade(in EventHead head, TextRef id, double exRpi, long firstId, long lastId)
        => EmitTrade(head, _numbers[Field.Price], _numbers[Field.Quantity], exRpi, _integers[Field.IsBuyerMaker] != 0, id, firstId, lastId, default);

    private double OrAbsentNumber(FrameShape shape, int field) => shape.Has(field) ? _numbers[field] : Absent.Number;

    private long OrAbsent(FrameShape shape, int field) => shape.Has(field) ? _integers[field] : Absent.Integer;

    private bool Nanos(FrameShape shape, int field, out long nanos)
    {
        nanos = Absent.Integer;
        if (!shape.Has(field)) return true;
        nanos = _integers[field] * UnixNanos.PerMillisecond;
        return _integers[field] <= MillisecondsMax;
    }
}
