using System.Text.Json;
using Tape.Core.Candles;
using Tape.Venues.Json;

namespace Tape.Venues.Rest;

/// <summary>
/// Reads answers that hold candles row by row. A row that breaks the form is left out and named; an answer that can't be read is refused whole. An answer
/// without a row is good: a stretch without trades may have none.
/// </summary>
internal static class CandlePages
{
    private const int RowsMax = 10_000;
    private const long MinuteMs = 60_000;
    private const long OpenTimeMax = long.MaxValue / UnixNanos.PerMillisecond;

    /// <param name="list">Finds the rows; may throw <see cref="FormatException"/>.</param>
    /// <param name="read">Reads a row; may throw <see cref="FormatException"/>.</param>
    public static CandleAnswer Read(ReadOnlyMemory<byte> body, Func<JsonElement, JsonElement> list, Func<JsonElement, Candle> read,
        JsonValueKind kind = JsonValueKind.Object)
    {
        var (found, rejected) = (new SortedDictionary<long, Candle>(), new List<string>());
        JsonBody.Read(
            body,
            json =>
            {
                var rows = list(json);
                if (rows.GetArrayLength() > RowsMax) throw new FormatException($"found {rows.GetArrayLength()} candles, expected at most {RowsMax}");
                foreach (var row in rows.EnumerateArray()) Take(row);
                return true;
            },
            out var fault,
            kind);
        return fault is null ? new CandleAnswer([.. found.Values], rejected, null) : CandleAnswer.Refused(fault);

        void Take(JsonElement row)
        {
            try
            {
                var candle = read(row);
                if (found.TryGetValue(candle.OpenTimeMs, out var first) && first != candle)
                    throw new FormatException($"a second candle opens at {candle.OpenTimeMs}, with other values; the first counts");
                found.TryAdd(candle.OpenTimeMs, candle);
            }
            catch (FormatException wrong)
            {
                rejected.Add($"candle {found.Count + rejected.Count}: {wrong.Message}");
            }
        }
    }

    /// <summary>An item of a row that is an array.</summary>
    /// <exception cref="FormatException">It is no array, or shorter.</exception>
    public static JsonElement Item(JsonElement row, int place, int count)
    {
        if (row.ValueKind != JsonValueKind.Array) throw new FormatException($"found {row.ValueKind}, expected an array of {count} items or more");
        return row.GetArrayLength() >= count ? row[place] : throw new FormatException($"found {row.GetArrayLength()} items, expected {count} or more");
    }

    /// <summary>A number, in quotes or not.</summary>
    public static double Number(JsonElement value, string name) =>
        WireNumber.TryParse(Digits(value, name), out var number, out _) ? number : throw new FormatException($"{name} is no number");

    /// <summary>A whole number, in quotes or not.</summary>
    public static long Integer(JsonElement value, string name) =>
        WireNumber.TryParseInteger(Digits(value, name), out var number) ? number : throw new FormatException($"{name} is no whole number of 64 bits");

    /// <summary>The time at which a candle opens: a whole minute.</summary>
    /// <param name="unitMs">Milliseconds of the wire's unit.</param>
    public static long OpenTime(JsonElement value, int unitMs = 1)
    {
        var time = Integer(value, "the open time");
        return time > 0 && time <= OpenTimeMax / unitMs && time * unitMs % MinuteMs == 0
            ? time * unitMs : throw new FormatException($"the open time is {time}, expected a whole minute since 1970");
    }

    private static byte[] Digits(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.Number => Encoding.UTF8.GetBytes(value.GetRawText()),
        JsonValueKind.String when value.GetRawText() is var raw && !raw.Contains('\\', StringComparison.Ordinal) => Encoding.UTF8.GetBytes(raw[1..^1]),
        _ => throw new FormatException($"{name} is {value.ValueKind}, expected a number"),
    };
}
