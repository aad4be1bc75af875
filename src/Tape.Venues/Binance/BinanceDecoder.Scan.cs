using System.Runtime.CompilerServices;
using Tape.Venues.Json;

namespace Tape.Venues.Binance;

/// <summary>The pass over an object that notes where its fields lie.</summary>
public sealed partial class BinanceDecoder
{
    private const int EscapeBytesMax = 6;
    private const int NameBytesMax = 6;

    private readonly LevelList _bids = new();
    private readonly LevelList _asks = new();

    /// <summary>Reads an object, which comes next.</summary>
    /// <param name="json">Stands at the opening bracket.</param>
    /// <param name="fields">Holds the fields afterwards.</param>
    /// <param name="depth">Containers open inside of it, itself included.</param>
    private bool ScanObject(ref JsonScanner json, BinanceFields fields, int depth)
    {
        fields.Clear();
        json.Position++;
        if (json.Peek() == '}') return json.Read((byte)'}', "");
        while (true)
        {
            if (!ReadName(ref json, out var field)) return false;
            var first = json.Peek();
            JsonToken token;
            if (first is (byte)'{' or (byte)'[')
            {
                if (!ReadContainer(ref json, fields, field, depth, out token)) return false;
            }
            else if (!json.ReadScalar(first, out token))
            {
                return false;
            }

            if (field != BinanceField.None) fields.Set(field, token);
            if (json.Peek() != ',') return json.Read((byte)'}', "expected a comma or the end of an object");
            json.Position++;
        }
    }

    /// <summary>Reads a name and its colon. Nearly all names have one letter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool ReadName(ref JsonScanner json, out int field)
    {
        if (json.Peek() == '"')
        {
            var at = json.Position;
            var text = json.Json;
            if ((uint)(at + 3) < (uint)text.Length && text[at + 2] == '"' && text[at + 3] == ':')
            {
                field = BinanceField.OfLetter(text[at + 1]);
                if (field != BinanceField.None)
                {
                    json.Position = at + 4;
                    return true;
                }
            }
        }

        return ReadAnyName(ref json, out field);
    }

    private static bool ReadAnyName(ref JsonScanner json, out int field)
    {
        field = BinanceField.None;
        if (json.Peek() != '"') return json.Fail("expected a name in quotes");
        if (!json.ReadString(out var name)) return false;
        field = name.HasEscapes ? FieldOfEscaped(name.In(json.Json)) : BinanceField.Of(name.In(json.Json));
        return json.Read((byte)':', "expected a colon after a name");
    }

    private static int FieldOfEscaped(ReadOnlySpan<byte> escaped)
    {
        if (escaped.Length > NameBytesMax * EscapeBytesMax) return BinanceField.None;
        Span<byte> room = stackalloc byte[NameBytesMax * EscapeBytesMax];
        return JsonText.TryUnescape(escaped, room, out var length) ? BinanceField.Of(room[..length]) : BinanceField.None;
    }

    /// <summary>Reads a nested value. The data of a frame and the levels of a book are made use of on the way, the rest is only checked.</summary>
    private bool ReadContainer(ref JsonScanner json, BinanceFields fields, int field, int depth, out JsonToken token)
    {
        if (field == BinanceField.Data && fields == _root)
        {
            var (start, kind) = (json.Position, json.Peek() == '{' ? JsonKind.Object : JsonKind.Array);
            _stream = _root.Has(BinanceField.Stream) ? _root[BinanceField.Stream] : default;
            token = default;
            if (!ReadData(ref json, depth)) return false;
            token = new JsonToken(start, json.Position - start, kind);
            return true;
        }

        if (fields != _inner && json.Peek() == '[' && (field == Field.BidPrice || field == Field.AskPrice))
            return ReadLevels(ref json, field == Field.BidPrice ? _bids : _asks, depth, out token);
        return json.ReadValue(depth, out token);
    }

    /// <summary>Reads an array as book levels. When it is none, notes why and checks it as any other value.</summary>
    private bool ReadLevels(ref JsonScanner json, LevelList levels, int depth, out JsonToken token)
    {
        var start = json.Position;
        levels.Reset(start);
        if (TakeLevels(ref json, levels))
        {
            token = new JsonToken(start, json.Position - start, JsonKind.Array);
            return true;
        }

        levels.FaultAt = json.Position;
        json.Position = start;
        json.Fault = null;
        return json.ReadValue(depth, out token);
    }

    private bool TakeLevels(ref JsonScanner json, LevelList levels)
    {
        json.Position++;
        if (json.Peek() == ']') return json.Read((byte)']', "");
        while (true)
        {
            if (!json.Read((byte)'[', "") || !TakeNumber(ref json, out var price) || !json.Read((byte)',', "")) return false;
            if (!TakeNumber(ref json, out var quantity) || !json.Read((byte)']', "")) return false;
            levels.Add(price, quantity);
            if (json.Peek() != ',') return json.Read((byte)']', "");
            json.Position++;
        }
    }

    /// <summary>Takes a number in quotes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TakeNumber(ref JsonScanner json, out double value)
    {
        value = 0;
        if (json.Peek() != '"') return false;
        var at = json.Position + 1;
        var text = json.Json;
        if (WireNumber.TryParsePlain(text, ref at, out value) && (uint)at < (uint)text.Length && text[at] == '"')
        {
            json.Position = at + 1;
            return true;
        }

        return TakeAnyNumber(ref json, out value);
    }

    private bool TakeAnyNumber(ref JsonScanner json, out double value)
    {
        value = 0;
        return json.ReadString(out var token) && TextOf(json.Json, token, out var text) && Parse(text, out value);
    }
}
