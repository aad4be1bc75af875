using System.Runtime.CompilerServices;
using Tape.Venues.Json;

namespace Tape.Venues.Frames;

/// <summary>The pass over an object that notes where its fields lie.</summary>
public abstract partial class JsonFrameDecoder
{
    private const int EscapeBytesMax = 6;

    /// <summary>Reads an object, which comes next.</summary>
    /// <param name="json">Stands at the opening bracket.</param>
    /// <param name="fields">Holds the fields afterwards.</param>
    /// <param name="depth">Containers open inside of it, itself included.</param>
    private protected bool ScanObject(ref JsonScanner json, FrameFields fields, int depth)
    {
        fields.Clear();
        json.Position++;
        if (json.Peek() == '}') return json.Read((byte)'}', "");
        while (true)
        {
            if (!ReadName(ref json, fields, out var field)) return false;
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

            if (field != FieldNames.None) fields.Set(field, token);
            if (json.Peek() != ',') return json.Read((byte)'}', "expected a comma or the end of an object");
            json.Position++;
        }
    }

    /// <summary>Reads a nested value. Book levels are made use of on the way, the rest is only checked.</summary>
    private protected virtual bool ReadContainer(ref JsonScanner json, FrameFields fields, int field, int depth, out JsonToken token)
        => json.Peek() == '[' && fields.HasLevels(field) ? ReadLevels(ref json, ListOf(field), depth, out token) : json.ReadValue(depth, out token);

    /// <summary>The first member of the outermost object that has a name, null when there is none. Nothing behind it is looked at.</summary>
    private protected static JsonToken? Member(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> name)
    {
        var json = new JsonScanner(frame);
        if (json.Peek() != '{') return null;
        do
        {
            json.Position++;
            if (json.Peek() != '"' || !json.ReadString(out var found) || !json.Read((byte)':', "") || !json.ReadValue(1, out var value)) return null;
            if (found.In(frame).SequenceEqual(name)) return value;
        }
        while (json.Peek() == ',');
        return null;
    }

    /// <summary>The same where it is plain text; empty when it is not.</summary>
    private protected static ReadOnlySpan<byte> MemberText(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> name)
        => Member(frame, name) is { Kind: JsonKind.String, HasEscapes: false } value ? value.In(frame) : default;

    /// <summary>Reads a name and its colon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool ReadName(ref JsonScanner json, FrameFields fields, out int field)
    {
        json.Peek();
        return fields.Guess.TryRead(json.Json, ref json.Position, out field) || ReadAnyName(ref json, fields.Guess, out field);
    }

    private static bool ReadAnyName(ref JsonScanner json, NameGuess guess, out int field)
    {
        field = FieldNames.None;
        if (json.Peek() != '"') return json.Fail("expected a name in quotes");
        if (!json.ReadString(out var name)) return false;
        field = name.HasEscapes ? FieldOfEscaped(name.In(json.Json), guess.Names) : guess.Learn(name.In(json.Json));
        return json.Read((byte)':', "expected a colon after a name");
    }

    private static int FieldOfEscaped(ReadOnlySpan<byte> escaped, FieldNames names)
    {
        if (escaped.Length > FieldNames.QuotedBytesMax * EscapeBytesMax) return FieldNames.None;
        Span<byte> room = stackalloc byte[FieldNames.QuotedBytesMax * EscapeBytesMax];
        return JsonStrings.TryUnescape(escaped, room, out var length) ? names.Of(room[..length]) : FieldNames.None;
    }
}
