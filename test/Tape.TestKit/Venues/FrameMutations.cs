using System.Text;
using System.Text.Json;

namespace Tape.TestKit.Venues;

/// <summary>Frames made from a good frame by one change each. Deterministic; what chance decides comes from the Random passed in.</summary>
public static class FrameMutations
{
    /// <summary>Values that take the place of every value of a frame in turn.</summary>
    private static readonly string[] Replacements =
    [
        "null", "true", "false", "0", "-0", "1", "-1", "2", "1.5", "1e5", "1E+2", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
            "12345678901234567890",
        "99999999999999", "9223372036854", "9223372036855", "[]", "{}", "[[]]", "[[\"1\",\"2\"]]", "[[\"1\"]]", "[[\"1\",\"2\",\"3\"]]", "[[1,2]]",
            "{\"e\":\"trade\"}", "\"\"", "\"x\"", "\"1\"", "\"-1.5\"", "\"+1\"",
        "\" 1\"", "\"1 \"", "\"01\"", "\"1.\"", "\".5\"", "\"1e5\"", "\"1e-400\"", "\"1e400\"", "\"NaN\"", "\"0x10\"", "\"-0\"", "\"-\"", "\"1,5\"",
            "\"123456789012345678.90123456789\"", "\"0.1000000000000000055511151231257827\"",
        "\"\\u0031\"", "\"1\\u002e5\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"\\ude00x\"", "\"\\u00\"", "\"\\x\"", "\"BUY\"", "\"buy\"", "\"MARKET\"",
            "\"ADL\"", "\"aggTrade\"", "\"depthUpdate\"", "\"btcusdt@depth5@100ms\"", "\"btcusdt@depth\"", "01", "1.", "+1", "NaN", "tru", "nulls", "'1'",
    ];

    /// <summary>All beginnings, the empty one too.</summary>
    public static IEnumerable<byte[]> Prefixes(byte[] frame) => Enumerable.Range(0, frame.Length).Select(length => frame[..length]);

    /// <summary>Every byte flipped in each bit, replaced by bytes that mean something, left out, and doubled.</summary>
    public static IEnumerable<byte[]> ByteChanges(byte[] frame)
    {
        var telling = "\"\\{}[]:,09-+.eEu \n/x"u8.ToArray().Concat(new byte[] { 0, 0x1F, 0x7F, 0x80, 0xC3, 0xFF }).ToArray();
        for (var at = 0; at < frame.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++) yield return With(frame, at, (byte)(frame[at] ^ (1 << bit)));
            foreach (var value in telling) yield return With(frame, at, value);
            yield return [.. frame[..at], .. frame[(at + 1)..]];
            yield return [.. frame[..at], frame[at], .. frame[at..]];
        }
    }

    /// <summary>Every value (containers too) replaced by values of other types, extreme numbers, and text that is none.</summary>
    public static IEnumerable<byte[]> ValueSwaps(byte[] frame)
    {
        foreach (var (from, toExcl) in Values(frame))
        {
            foreach (var replacement in Replacements) yield return [.. frame[..from], .. Encoding.UTF8.GetBytes(replacement), .. frame[toExcl..]];
            yield return [.. frame[..from], (byte)'"', 0xFF, 0xC3, (byte)'"', .. frame[toExcl..]];
            yield return [.. frame[..from], .. Nested(62), .. frame[toExcl..]];
            yield return [.. frame[..from], .. Nested(64), .. frame[toExcl..]];
            yield return [.. frame[..from], .. Nested(10_000), .. frame[toExcl..]];
        }
    }

    /// <summary>Every member of every object given twice: again at the end as it was, and before itself as something else.</summary>
    public static IEnumerable<byte[]> DuplicateMembers(byte[] frame)
    {
        foreach (var (from, toExcl) in Members(frame))
        {
            var member = frame[from..toExcl];
            var name = member[..(member.AsSpan(1).IndexOf((byte)'"') + 2)];
            foreach (var junk in new[] { "null", "7", "\"9\"", "[]", "[[\"5\",\"6\"]]", "{\"e\":\"trade\"}" })
            {
                yield return [.. frame[..from], .. name, (byte)':', .. Encoding.UTF8.GetBytes(junk), (byte)',', .. frame[from..]];
                yield return [.. frame[..toExcl], (byte)',', .. name, (byte)':', .. Encoding.UTF8.GetBytes(junk), .. frame[toExcl..]];
            }

            yield return [.. frame[..toExcl], (byte)',', .. member, .. frame[toExcl..]];
        }
    }

    /// <summary>Every member left out, and every name written with an escape, and a name that is half a surrogate pair beside it.</summary>
    public static IEnumerable<byte[]> MemberChanges(byte[] frame)
    {
        foreach (var (from, toExcl) in Members(frame))
        {
            yield return [.. frame[..from], .. "\"zz\":0"u8, .. frame[toExcl..]];
            yield return [.. frame[..(from + 1)], .. Encoding.UTF8.GetBytes($"\\u{(int)frame[from + 1]:X4}"), .. frame[(from + 2)..]];
            yield return [.. frame[..from], .. "\"\\ud800\":{\"e\":[1,2,{}]},\"unknown\":\"\\\"\","u8, .. frame[from..]];
            yield return [.. frame[..from], (byte)'"', 0xFF, .. "\":1.5e3,"u8, .. frame[from..]];
        }
    }

    /// <summary>The same content with members in another order and white space everywhere.</summary>
    public static byte[] Reordered(byte[] frame, Random random)
    {
        using var document = JsonDocument.Parse(frame);
        var text = new StringBuilder();
        Append(document.RootElement);
        return Encoding.UTF8.GetBytes(text.ToString());

        void Append(JsonElement element)
        {
            Space();
            if (element.ValueKind == JsonValueKind.Object)
            {
                var members = element.EnumerateObject().ToArray();
                random.Shuffle(members);
                Join('{', members, member => { Space(); text.Append(JsonSerializer.Serialize(member.Name)); Space(); text.Append(':'); Append(member.Value); },
                    '}');
            }
            else if (element.ValueKind == JsonValueKind.Array)
            {
                Join('[', [.. element.EnumerateArray()], Append, ']');
            }
            else
            {
                text.Append(element.GetRawText());
            }

            Space();
        }

        void Join<T>(char open, T[] items, Action<T> append, char close)
        {
            text.Append(open);
            for (var index = 0; index < items.Length; index++)
            {
                if (index > 0) text.Append(',');
                append(items[index]);
            }

            Space();
            text.Append(close);
        }

        void Space() => text.Append(" \t\r\n"[random.Next(4)], random.Next(3));
    }

    private static byte[] Nested(int levels) => [.. Enumerable.Repeat((byte)'[', levels), .. Enumerable.Repeat((byte)']', levels)];

    private static byte[] With(byte[] frame, int at, byte value)
    {
        var changed = (byte[])frame.Clone();
        changed[at] = value;
        return changed;
    }

    private static List<(int From, int ToExcl)> Values(byte[] frame) => [.. Walk(frame).Values];

    private static List<(int From, int ToExcl)> Members(byte[] frame) => [.. Walk(frame).Members];

    private static (List<(int From, int ToExcl)> Values, List<(int From, int ToExcl)> Members) Walk(byte[] frame)
    {
        var (values, members, names) = (new List<(int, int)>(), new List<(int, int)>(), new Stack<(int Value, int Name)>());
        var reader = new Utf8JsonReader(frame);
        var name = -1;
        while (reader.Read())
        {
            var (from, toExcl) = ((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = from;
                    continue;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    names.Push((from, name));
                    name = -1;
                    continue;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    (from, name) = names.Pop();
                    break;
            }

            values.Add((from, toExcl));
            if (name >= 0) members.Add((name, toExcl));
            name = -1;
        }

        return (values, members);
    }
}
