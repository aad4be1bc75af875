using Tape.Venues.Json;

namespace Tape.Venues.Frames;

/// <summary>Integers, times and words in quotes. An empty string means that the venue has nothing to say, as an absent field does.</summary>
public abstract partial class JsonFrameDecoder
{
    private protected bool QuotedInteger(ReadOnlySpan<byte> frame, FrameFields fields, int field, out long value)
    {
        if (fields.TryRead(field, out value)) return true;
        value = 0;
        return Text(frame, fields, field, out ReadOnlySpan<byte> text)
            && (WireNumber.TryParseInteger(text, out value) || Wrong(fields, field, "is not an integer of 64 bits in quotes"));
    }

    private protected bool OptionalQuotedInteger(ReadOnlySpan<byte> frame, FrameFields fields, int field, out long value)
    {
        if (fields.TryRead(field, out value)) return true;
        value = Absent.Integer;
        return IsEmpty(fields, field) || QuotedInteger(frame, fields, field, out value);
    }

    /// <summary>A time in milliseconds in quotes, as nanoseconds.</summary>
    private protected bool QuotedTime(ReadOnlySpan<byte> frame, FrameFields fields, int field, out long nanos)
    {
        nanos = 0;
        return QuotedInteger(frame, fields, field, out var milliseconds) && Nanos(fields, field, milliseconds, out nanos);
    }

    private protected bool OptionalQuotedTime(ReadOnlySpan<byte> frame, FrameFields fields, int field, out long nanos)
    {
        nanos = Absent.Integer;
        return (!fields.TryRead(field, out long _) && IsEmpty(fields, field)) || QuotedTime(frame, fields, field, out nanos);
    }

    /// <summary>One of two words for the sides.</summary>
    private protected bool SideOf(ReadOnlySpan<byte> frame, FrameFields fields, int field, ReadOnlySpan<byte> buy, ReadOnlySpan<byte> sell, out Side side)
    {
        side = Side.None;
        if (!Text(frame, fields, field, out ReadOnlySpan<byte> text)) return false;
        side = text.SequenceEqual(buy) ? Side.Buy : text.SequenceEqual(sell) ? Side.Sell : Side.None;
        return side != Side.None || Wrong(fields, field, "names neither side");
    }

    /// <summary>Whether a field is absent or an empty string.</summary>
    private protected static bool IsEmpty(FrameFields fields, int field) =>
        !fields.Has(field) || (fields[field].Kind == JsonKind.String && fields[field].Length == 0);

    private protected bool Nanos(FrameFields fields, int field, long milliseconds, out long nanos)
    {
        nanos = 0;
        if (milliseconds is > MillisecondsMax or < -MillisecondsMax) return Wrong(fields, field, "is a time beyond 64-bit nanoseconds");
        nanos = milliseconds * UnixNanos.PerMillisecond;
        return true;
    }
}
