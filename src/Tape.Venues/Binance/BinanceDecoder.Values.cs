using System.Runtime.CompilerServices;
using Tape.Core.Events;
using Tape.Core.Values;
using Tape.Venues.Json;

namespace Tape.Venues.Binance;

/// <summary>Fields to values. Each method returns false, with the reason noted, when the field breaks its form.</summary>
public sealed partial class BinanceDecoder
{
    private const long MillisecondsMax = long.MaxValue / UnixNanos.PerMillisecond;

    private byte[] _scratch = new byte[256];

    private bool Number(ReadOnlySpan<byte> frame, BinanceFields fields, int field, out double value)
    {
        value = 0;
        return Text(frame, fields, field, out ReadOnlySpan<byte> text) && (Parse(text, out value) || Wrong(fields, field, "is not a number of JSON's form within the range of a double"));
    }

    /// <summary>A number that may be absent or an empty string: then <see cref="Absent.Number"/>.</summary>
    private bool OptionalNumber(ReadOnlySpan<byte> frame, BinanceFields fields, int field, out double value)
    {
        value = Absent.Number;
        if (!fields.Has(field) || (fields[field].Kind == JsonKind.String && fields[field].Length == 0)) return true;
        return Number(frame, fields, field, out value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Parse(ReadOnlySpan<byte> text, out double value)
    {
        if (!WireNumber.TryParse(text, out value, out var isExact)) return false;
        if (!isExact) InexactCount++;
        return true;
    }

    private bool Integer(ReadOnlySpan<byte> frame, BinanceFields fields, int field, out long value)
    {
        value = 0;
        if (!Is(fields, field, JsonKind.Integer, "an integer")) return false;
        return WireNumber.TryParseInteger(fields[field].In(frame), out value) || Wrong(fields, field, "does not fit in 64 bits");
    }

    private bool OptionalInteger(ReadOnlySpan<byte> frame, BinanceFields fields, int field, out long value)
    {
        value = Absent.Integer;
        return !fields.Has(field) || Integer(frame, fields, field, out value);
    }

    /// <summary>A time in milliseconds, as nanoseconds.</summary>
    private bool Time(ReadOnlySpan<byte> frame, BinanceFields fields, int field, out long nanos)
    {
        nanos = 0;
        if (!Integer(frame, fields, field, out var milliseconds)) return false;
        if (milliseconds is > MillisecondsMax or < -MillisecondsMax) return Wrong(fields, field, "is a time beyond 64-bit nanoseconds");
        nanos = milliseconds * UnixNanos.PerMillisecond;
        return true;
    }

    private bool OptionalTime(ReadOnlySpan<byte> frame, BinanceFields fields, int field, out long nanos)
    {
        nanos = Absent.Integer;
        return !fields.Has(field) || Time(frame, fields, field, out nanos);
    }

    private bool Boolean(BinanceFields fields, int field, out bool value)
    {
        value = fields.Has(field) && fields[field].Kind == JsonKind.True;
        return value || Is(fields, field, JsonKind.False, "true or false");
    }

    /// <summary>Text that is not empty, copied to the events.</summary>
    private bool Text(ReadOnlySpan<byte> frame, BinanceFields fields, int field, out TextRef reference)
    {
        reference = default;
        if (!Text(frame, fields, field, out ReadOnlySpan<byte> text)) return false;
        if (text.IsEmpty) return Wrong(fields, field, "is empty");
        reference = _events.AddText(text);
        return true;
    }

    /// <summary>The text of a string field, escapes taken out; valid until the next field is read.</summary>
    private bool Text(ReadOnlySpan<byte> frame, BinanceFields fields, int field, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!Is(fields, field, JsonKind.String, "a string")) return false;
        return TextOf(frame, fields[field], out text) || Wrong(fields, field, "is not valid UTF-8");
    }

    private bool TextOf(ReadOnlySpan<byte> frame, in JsonToken token, out ReadOnlySpan<byte> text)
    {
        text = token.In(frame);
        if (!token.HasEscapes) return JsonText.IsValid(text);
        if (_scratch.Length < text.Length) _scratch = new byte[Math.Max(text.Length, _scratch.Length * 2)];
        if (!JsonText.TryUnescape(text, _scratch, out var length)) return false;
        text = _scratch.AsSpan(0, length);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Is(BinanceFields fields, int field, JsonKind kind, string what)
        => (fields.Has(field) && fields[field].Kind == kind) || Mistyped(fields, field, what);

    private bool Mistyped(BinanceFields fields, int field, string what)
        => Wrong(fields, field, fields.Has(field) ? $"must be {what}" : $"is missing, expected {what}");

    /// <summary>Notes the first thing that is wrong with the form of the frame.</summary>
    private bool Wrong(BinanceFields fields, int field, string what)
    {
        _formFault ??= fields.Has(field) ? $"byte {fields[field].Start}: {BinanceField.Name(field)} {what}" : $"{BinanceField.Name(field)} {what}";
        return false;
    }
}
