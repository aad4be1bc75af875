using System.Runtime.CompilerServices;
using Tape.Venues.Json;

namespace Tape.Venues.Frames;

/// <summary>Fields to values. Each method returns false, with the reason noted, when the field breaks its form.</summary>
public abstract partial class JsonFrameDecoder
{
    private protected const long MillisecondsMax = long.MaxValue / UnixNanos.PerMillisecond;

    private byte[] _scratch = new byte[256];

    private protected bool Number(ReadOnlySpan<byte> frame, FrameFields fields, int field, out double value)
    {
        return fields.TryRead(field, out value) || ReadNumber(frame, fields, field, out value);
    }

    private bool ReadNumber(ReadOnlySpan<byte> frame, FrameFields fields, int field, out double value)
    {
        value = 0;
        if (!Is(fields, field, JsonKind.String, "a string")) return false;
        ref readonly var token = ref fields[field];
        if (!token.HasEscapes && WireNumber.TryParse(frame, token, out value, out var isExact))
        {
            if (!isExact) InexactCount++;
            return true;
        }

        return Text(frame, fields, field, out ReadOnlySpan<byte> text)
            && (Parse(text, out value) || Wrong(fields, field, "is not a number of JSON's form within the range of a double"));
    }

    /// <summary>A number that may be absent or an empty string: then <see cref="Absent.Number"/>.</summary>
    private protected bool OptionalNumber(ReadOnlySpan<byte> frame, FrameFields fields, int field, out double value)
    {
        if (fields.TryRead(field, out value)) return true;
        value = Absent.Number;
        return IsEmpty(fields, field) || ReadNumber(frame, fields, field, out value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected bool Parse(ReadOnlySpan<byte> text, out double value)
    {
        if (!WireNumber.TryParse(text, out value, out var isExact)) return false;
        if (!isExact) InexactCount++;
        return true;
    }

    private protected bool Integer(ReadOnlySpan<byte> frame, FrameFields fields, int field, out long value)
    {
        if (fields.TryRead(field, out value)) return true;
        value = 0;
        if (!Is(fields, field, JsonKind.Integer, "an integer")) return false;
        return WireNumber.TryParseInteger(frame, fields[field], out value) || Wrong(fields, field, "does not fit in 64 bits");
    }

    private protected bool OptionalInteger(ReadOnlySpan<byte> frame, FrameFields fields, int field, out long value)
    {
        value = Absent.Integer;
        return !fields.Has(field) || Integer(frame, fields, field, out value);
    }

    /// <summary>A time in milliseconds, as nanoseconds.</summary>
    private protected bool Time(ReadOnlySpan<byte> frame, FrameFields fields, int field, out long nanos)
    {
        nanos = 0;
        return Integer(frame, fields, field, out var milliseconds) && Nanos(fields, field, milliseconds, out nanos);
    }

    private protected bool OptionalTime(ReadOnlySpan<byte> frame, FrameFields fields, int field, out long nanos)
    {
        nanos = Absent.Integer;
        return !fields.Has(field) || Time(frame, fields, field, out nanos);
    }

    private protected bool Boolean(FrameFields fields, int field, out bool value)
    {
        value = fields.Has(field) && fields[field].Kind == JsonKind.True;
        return value || Is(fields, field, JsonKind.False, "true or false");
    }

    /// <summary>A boolean that may be absent: then false.</summary>
    private protected bool OptionalBoolean(FrameFields fields, int field, out bool value)
    {
        value = false;
        return !fields.Has(field) || Boolean(fields, field, out value);
    }

    /// <summary>Text that is not empty, copied to the events.</summary>
    private protected bool Text(ReadOnlySpan<byte> frame, FrameFields fields, int field, out TextRef reference)
    {
        reference = default;
        if (!Text(frame, fields, field, out ReadOnlySpan<byte> text)) return false;
        if (text.IsEmpty) return Wrong(fields, field, "is empty");
        reference = Events.AddText(text);
        return true;
    }

    /// <summary>The text of a string field, escapes taken out; valid until the next field is read.</summary>
    private protected bool Text(ReadOnlySpan<byte> frame, FrameFields fields, int field, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!Is(fields, field, JsonKind.String, "a string")) return false;
        return TextOf(frame, fields[field], out text) || Wrong(fields, field, "is not valid UTF-8");
    }

    private protected bool TextOf(ReadOnlySpan<byte> frame, in JsonToken token, out ReadOnlySpan<byte> text)
    {
        text = token.In(frame);
        if (!token.HasEscapes) return JsonStrings.IsValid(text);
        if (_scratch.Length < text.Length) _scratch = new byte[Math.Max(text.Length, _scratch.Length * 2)];
        if (!JsonStrings.TryUnescape(text, _scratch, out var length)) return false;
        text = _scratch.AsSpan(0, length);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected bool Is(FrameFields fields, int field, JsonKind kind, string what)
        => (fields.Has(field) && fields[field].Kind == kind) || Mistyped(fields, field, what);

    private protected bool Mistyped(FrameFields fields, int field, string what)
        => Wrong(fields, field, fields.Has(field) ? $"must be {what}" : $"is missing, expected {what}");

    /// <summary>Notes the first thing that is wrong with the form of the frame.</summary>
    private protected bool Wrong(FrameFields fields, int field, string what)
    {
        FormFault ??= fields.Has(field) ? $"byte {fields[field].Start}: {fields.Guess.Names.Name(field)} {what}" : $"{fields.Guess.Names.Name(field)} {what}";
        return false;
    }
}
