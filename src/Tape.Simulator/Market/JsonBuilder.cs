using System.Buffers.Text;

namespace Tape.Simulator.Market;

/// <summary>Builds JSON text in one reused array, without checks: the callers write whole frames. Not thread-safe.</summary>
internal sealed class JsonBuilder
{
    private byte[] _bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public JsonBuilder Clear()
    {
        Length = 0;
        return this;
    }

    public JsonBuilder Raw(ReadOnlySpan<byte> text)
    {
        Reserve(text.Length);
        text.CopyTo(_bytes.AsSpan(Length));
        Length += text.Length;
        return this;
    }

    public JsonBuilder Integer(long value)
    {
        Reserve(20);
        Utf8Formatter.TryFormat(value, _bytes.AsSpan(Length), out var written);
        Length += written;
        return this;
    }

    /// <summary>A number of units of 10^-decimals, with all its decimals: (8455110, 2) gives 84551.10.</summary>
    public JsonBuilder Decimal(long units, int decimals)
    {
        Reserve(48);
        if (units < 0) _bytes[Length++] = (byte)'-';
        var scale = PowerOf10(decimals);
        var (whole, rest) = Math.DivRem(Math.Abs(units), scale);
        Utf8Formatter.TryFormat(whole, _bytes.AsSpan(Length), out var written);
        Length += written;
        if (decimals == 0) return this;
        _bytes[Length] = (byte)'.';
        for (var i = decimals; i > 0; i--, rest /= 10) _bytes[Length + i] = (byte)('0' + rest % 10);
        Length += decimals + 1;
        return this;
    }

    /// <summary>As <see cref="Decimal"/>, without zeros at the end of the fraction: (250, 2) gives 2.5.</summary>
    public JsonBuilder Trimmed(long units, int decimals)
    {
        while (decimals > 0 && units % 10 == 0) (units, decimals) = (units / 10, decimals - 1);
        return Decimal(units, decimals);
    }

    public JsonBuilder Boolean(bool value) => Raw(value ? "true"u8 : "false"u8);

    /// <summary>Takes back the last byte (a comma that turned out to be too much).</summary>
    public JsonBuilder DropLast()
    {
        Length--;
        return this;
    }

    public static long PowerOf10(int exponent)
    {
        var power = 1L;
        for (var i = 0; i < exponent; i++) power *= 10;
        return power;
    }

    private void Reserve(int bytes)
    {
        if (Length + bytes > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + bytes));
    }
}
