using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tape.Venues.Json;

/// <summary>
/// Walks over one JSON text in UTF-8 and accepts exactly what <c>Utf8JsonReader</c> accepts by default: 64 levels, no comments, no trailing
/// commas, strings whose bytes beyond ASCII are not looked at. Every method that returns false has set <see cref="Fault"/>.
/// Never throws, allocates nothing.
/// </summary>
internal ref struct JsonScanner(ReadOnlySpan<byte> json, int position = 0)
{
    /// <summary>Containers may be nested this deep.</summary>
    public const int DepthMax = 64;

    private const string TooEarly = "the text ends too early";

    private readonly ReadOnlySpan<byte> _json = json;

    /// <summary>0-based offset of the next byte.</summary>
    public int Position = position;

    /// <summary>What is wrong with the text, or null.</summary>
    public string? Fault;

    /// <summary>The whole text.</summary>
    public readonly ReadOnlySpan<byte> Json => _json;

    /// <summary>Skips white space and gives the next byte without taking it; 0 at the end (no byte 0 is valid outside of strings, nor inside).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte Peek()
    {
        if ((uint)Position >= (uint)_json.Length) return 0;
        var next = _json[Position];
        return next > ' ' ? next : PeekPastSpace();
    }

    /// <summary>Whether nothing but white space is left.</summary>
    public bool ReadEnd() => (Peek() == 0 && Position == _json.Length) || Fail("more text after the value");

    /// <summary>Takes a byte that must come next.</summary>
    public bool Read(byte expected, string fault)
    {
        if (Peek() != expected) return Fail(fault);
        Position++;
        return true;
    }

    /// <summary>Takes a string; the opening quote comes next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadString(out JsonToken token)
    {
        var start = Position + 1;
        if (_json.Length - start >= Vector128<byte>.Count)
        {
            var stops = Stops(ref Unsafe.Add(ref MemoryMarshal.GetReference(_json), start));
            if (stops != 0)
            {
                var end = start + BitOperations.TrailingZeroCount(stops);
                if (_json[end] == '"')
                {
                    Position = end + 1;
                    token = new JsonToken(start, end - start, JsonKind.String);
                    return true;
                }
            }
        }

        return ReadAnyString(out token);
    }

    /// <summary>Takes a number; a digit or a minus comes next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadNumber(out JsonToken token)
    {
        var start = Position;
        if (_json.Length - start >= Vector128<byte>.Count)
        {
            ref var from = ref Unsafe.Add(ref MemoryMarshal.GetReference(_json), start);
            var digits = BitOperations.TrailingZeroCount(NoDigitsIn(Vector128.LoadUnsafe(ref from)));
            if (digits is > 1 and < 16 && from != '0' && Unsafe.Add(ref from, digits) is (byte)',' or (byte)'}')
            {
                Position = start + digits;
                token = new JsonToken(start, digits, JsonKind.Integer);
                return true;
            }
        }

        return ReadAnyNumber(out token);
    }

    private bool ReadAnyNumber(out JsonToken token)
    {
        var start = Position;
        var at = start;
        token = default;
        if (_json[at] == '-') at++;
        var digitsFrom = at;
        at = PastDigits(at);
        if (at == digitsFrom) return Fail("a digit is missing", at);
        if (_json[digitsFrom] == '0' && at - digitsFrom > 1) return Fail("a number with a leading zero", digitsFrom);
        var kind = JsonKind.Integer;
        if (at < _json.Length && (_json[at] is (byte)'.' or (byte)'e' or (byte)'E'))
        {
            kind = JsonKind.Number;
            if (!PastFraction(ref at)) return false;
        }

        Position = at;
        token = new JsonToken(start, at - start, kind);
        return true;
    }

    /// <summary>Takes any scalar by its first byte, which comes next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadScalar(byte first, out JsonToken token)
    {
        if (first == '"') return ReadString(out token);
        return (uint)(first - '0') < 10 || first == '-' ? ReadNumber(out token) : ReadLiteral(first, out token);
    }

    /// <summary>Takes any value and checks it in whole.</summary>
    /// <param name="depth">Containers that are open around it.</param>
    /// <param name="token">The value; for containers with their brackets.</param>
    public bool ReadValue(int depth, out JsonToken token)
    {
        var first = Peek();
        if (first is not ((byte)'{' or (byte)'[')) return ReadScalar(first, out token);
        var start = Position;
        token = default;
        if (!SkipContainer(depth)) return false;
        token = new JsonToken(start, Position - start, first == '{' ? JsonKind.Object : JsonKind.Array);
        return true;
    }

    /// <summary>Records what is wrong at the present position.</summary>
    public bool Fail(string fault) => Fail(fault, Position);

    /// <summary>Which of 16 bytes end or break a plain string (quote, backslash, control), as a bit mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint StopsIn(Vector128<byte> bytes)
    {
        var stops = Vector128.Equals(bytes, Vector128.Create((byte)'"'))
            | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
            | Vector128.Equals(Vector128.Min(bytes, Vector128.Create((byte)0x1F)), bytes);
        return stops.ExtractMostSignificantBits();
    }

    /// <summary>The same of 32 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint StopsIn(Vector256<byte> bytes)
    {
        var stops = Vector256.Equals(bytes, Vector256.Create((byte)'"'))
            | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))
            | Vector256.Equals(Vector256.Min(bytes, Vector256.Create((byte)0x1F)), bytes);
        return stops.ExtractMostSignificantBits();
    }

    /// <summary>Which of 16 bytes are no digits, as a bit mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint NoDigitsIn(Vector128<byte> bytes)
        => Vector128.GreaterThan(bytes - Vector128.Create((byte)'0'), Vector128.Create((byte)9)).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Stops(ref byte from) => StopsIn(Vector128.LoadUnsafe(ref from));

    private bool Fail(string fault, int at)
    {
        Position = at;
        Fault = at >= _json.Length ? TooEarly : fault;
        return false;
    }

    private byte PeekPastSpace()
    {
        while (Position < _json.Length)
        {
            var next = _json[Position];
            if (next is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')) return next;
            Position++;
        }

        return 0;
    }

    private bool ReadAnyString(out JsonToken token)
    {
        token = default;
        var start = Position + 1;
        var at = start;
        var hasEscapes = false;
        while (true)
        {
            at = NextStop(at);
            if (at >= _json.Length) return Fail(TooEarly, at);
            var stop = _json[at];
            if (stop == '"') break;
            if (stop != '\\') return Fail("a control character in a string", at);
            hasEscapes = true;
            if (!PastEscape(ref at)) return false;
        }

        Position = at + 1;
        token = new JsonToken(start, at - start, JsonKind.String, hasEscapes);
        return true;
    }

    private readonly int NextStop(int at)
    {
        for (; _json.Length - at >= Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            var stops = Stops(ref Unsafe.Add(ref MemoryMarshal.GetReference(_json), at));
            if (stops != 0) return at + BitOperations.TrailingZeroCount(stops);
        }

        while (at < _json.Length && _json[at] is not ((byte)'"' or (byte)'\\') && _json[at] >= ' ') at++;
        return at;
    }

    private bool PastEscape(ref int at)
    {
        at++;
        if (at >= _json.Length) return Fail(TooEarly, at);
        var kind = _json[at++];
        if (kind is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t') return true;
        if (kind != 'u') return Fail("an unknown escape in a string", at - 1);
        for (var digits = 0; digits < 4; digits++, at++)
        {
            if (at >= _json.Length || !char.IsAsciiHexDigit((char)_json[at])) return Fail("an escape without four hex digits", at);
        }

        return true;
    }

    private readonly int PastDigits(int at)
    {
        while ((uint)at < (uint)_json.Length && (uint)(_json[at] - '0') < 10) at++;
        return at;
    }

    private bool PastFraction(ref int at)
    {
        if (_json[at] == '.')
        {
            var from = ++at;
            at = PastDigits(at);
            if (at == from) return Fail("a digit is missing after the point", at);
        }

        if (at >= _json.Length || _json[at] is not ((byte)'e' or (byte)'E')) return true;
        at++;
        if (at < _json.Length && _json[at] is (byte)'+' or (byte)'-') at++;
        var exponentFrom = at;
        at = PastDigits(at);
        return at > exponentFrom || Fail("a digit is missing in the exponent", at);
    }

    private bool ReadLiteral(byte first, out JsonToken token)
    {
        token = default;
        var kind = first switch { (byte)'t' => JsonKind.True, (byte)'f' => JsonKind.False, (byte)'n' => JsonKind.Null, _ => JsonKind.None };
        var text = kind switch { JsonKind.True => "true"u8, JsonKind.False => "false"u8, JsonKind.Null => "null"u8, _ => default };
        if (kind == JsonKind.None || !_json[Position..].StartsWith(text)) return Fail("not a JSON value");
        token = new JsonToken(Position, text.Length, kind);
        Position += text.Length;
        return true;
    }

    /// <summary>Takes a container and all in it. One bit per open container says whether it is an object.</summary>
    private bool SkipContainer(int depth)
    {
        var outer = depth;
        ulong objects = 0;
        while (true)
        {
            var first = Peek();
            if (first is (byte)'{' or (byte)'[')
            {
                if (++depth > DepthMax) return Fail("nested deeper than 64 levels");
                Position++;
                objects = (objects << 1) | (first == '{' ? 1UL : 0);
                if (Peek() != (first == '{' ? '}' : ']'))
                {
                    if (first == '{' && !SkipName()) return false;
                    continue;
                }
            }
            else if (!ReadScalar(first, out _))
            {
                return false;
            }

            if (!CloseContainers(ref depth, ref objects, outer)) return false;
            if (depth == outer) return true;
        }
    }

    /// <summary>After a value: takes closing brackets, then, inside of a container, the comma and the name that come before the next value.</summary>
    private bool CloseContainers(ref int depth, ref ulong objects, int outer)
    {
        while (depth > outer)
        {
            var isObject = (objects & 1) != 0;
            var next = Peek();
            if (next == ',')
            {
                Position++;
                return !isObject || SkipName();
            }

            if (next != (isObject ? '}' : ']')) return Fail("expected a comma or the end of a container");
            Position++;
            depth--;
            objects >>= 1;
        }

        return true;
    }

    private bool SkipName()
    {
        if (Peek() != '"') return Fail("expected a name in quotes");
        return ReadString(out _) && Read((byte)':', "expected a colon after a name");
    }
}
