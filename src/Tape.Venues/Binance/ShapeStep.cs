using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tape.Venues.Binance;

/// <summary>What follows a fixed part of a shape.</summary>
internal enum StepKind
{
    /// <summary>Nothing: more fixed text, or the end.</summary>
    Fixed,

    /// <summary>A string that no row needs.</summary>
    Text,
    Symbol,
    Number,
    Integer,
    Boolean,
    Levels,
}

/// <summary>Up to 16 fixed bytes, then a value.</summary>
internal readonly struct ShapeStep
{
    private readonly Vector128<byte> _text;
    private readonly Vector128<byte> _mask;

    /// <param name="text">At most 16 bytes.</param>
    /// <param name="kind">What follows.</param>
    /// <param name="field">Its <see cref="BinanceField"/>, 0 where no row needs it.</param>
    public ShapeStep(ReadOnlySpan<byte> text, StepKind kind, int field)
    {
        Span<byte> bytes = stackalloc byte[Vector128<byte>.Count];
        Span<byte> mask = stackalloc byte[Vector128<byte>.Count];
        bytes.Clear();
        mask.Clear();
        text.CopyTo(bytes);
        mask[..text.Length].Fill(0xFF);
        (_text, _mask) = (Vector128.Create((ReadOnlySpan<byte>)bytes), Vector128.Create((ReadOnlySpan<byte>)mask));
        (Length, Kind, Field) = (text.Length, kind, field);
    }

    public readonly int Length;
    public readonly StepKind Kind;
    public readonly int Field;

    /// <summary>Whether the fixed bytes stand here; 16 bytes must be readable.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Matches(ref byte at) => ((Vector128.LoadUnsafe(ref at) ^ _text) & _mask) == Vector128<byte>.Zero;
}
