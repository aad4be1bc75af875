using System.Text.Json;
using Tape.Venues.Json;

namespace Tape.Venues.Rest;

/// <summary>
/// Reads lists of instruments entry by entry. An entry that breaks the form is left out and named; an answer without a good one is refused, and so is one with
/// a page that can't be read.
/// </summary>
internal static class InstrumentPages
{
    /// <summary>Entries that one list may have; venues have about a thousand.</summary>
    public const int CountMax = 20_000;

    private const int TextLengthMax = 64;
    private const long MillisecondsMax = long.MaxValue / UnixNanos.PerMillisecond;

    /// <param name="body">One page or several.</param>
    /// <param name="list">Finds the entries of a page; may throw <see cref="FormatException"/>.</param>
    /// <param name="read">Reads an entry; may throw <see cref="FormatException"/>.</param>
    /// <param name="symbol">The member of an entry that names it.</param>
    public static InstrumentAnswer Read(ReadOnlyMemory<byte> body, Func<JsonElement, JsonElement> list, Func<JsonElement, Instrument> read,
        string symbol = "symbol")
    {
        var found = new SortedDictionary<string, Instrument>(StringComparer.Ordinal);
        var rejected = new List<string>();
        var number = 0;
        try
        {
            foreach (var page in RestPages.Split(body))
            {
                using var json = JsonBody.Parse(page);
                foreach (var entry in list(json.RootElement).EnumerateArray())
                {
                    if (number == CountMax) throw new FormatException($"found more than {CountMax} entries");
                    Take(entry, number++);
                }
            }
        }
        catch (FormatException fault)
        {
            return InstrumentAnswer.Refused(fault.Message);
        }

        return found.Count > 0 ? new([.. found.Values], rejected, null)
            : InstrumentAnswer.Refused(rejected.Count == 0 ? "the list of symbols is empty" : $"no symbol can be read; the first: {rejected[0]}");

        void Take(JsonElement entry, int place)
        {
            try
            {
                var instrument = read(entry);
                if (!found.TryAdd(instrument.Symbol, instrument)) rejected.Add($"symbol {place}: {instrument.Symbol} stands there twice, the first one counts");
            }
            catch (FormatException fault)
            {
                rejected.Add($"symbol {place}{NameOf(entry, symbol)}: {fault.Message}");
            }
        }
    }

    /// <summary>A text of at most 64 characters without control characters, not empty.</summary>
    public static string Text(JsonElement json, string name)
    {
        var text = JsonBody.Text(json, name);
        if (text.Length > TextLengthMax) throw new FormatException($"{name} has {text.Length} characters, expected at most {TextLengthMax}");
        return text.Any(char.IsControl) ? throw new FormatException($"{name} holds a control character") : text;
    }

    /// <summary>A number above 0 in quotes.</summary>
    /// <param name="json">Its object.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="path">Its name in messages.</param>
    public static double Size(JsonElement json, string name, string path)
    {
        var digits = JsonBody.Text(json, name);
        return WireNumber.TryParse(Encoding.UTF8.GetBytes(digits), out var value, out _) && value > 0
            ? value : throw new FormatException($"{path} is '{digits}', expected a number above 0");
    }

    /// <summary>A time in milliseconds since the epoch; null for 0.</summary>
    /// <exception cref="FormatException">It is negative or does not fit in 64-bit nanoseconds.</exception>
    public static UnixNanos? Time(long milliseconds, string name) => milliseconds switch
    {
        0 => null,
        > 0 and <= MillisecondsMax => UnixNanos.FromMilliseconds(milliseconds),
        _ => throw new FormatException($"{name} is {milliseconds}, expected milliseconds since 1970 up to {MillisecondsMax}"),
    };

    /// <summary>A time in milliseconds in quotes; null for 0 and where the quotes are empty.</summary>
    public static UnixNanos? QuotedTime(JsonElement json, string name)
    {
        var digits = JsonBody.Text(json, name, mayBeEmpty: true);
        if (digits.Length == 0) return null;
        return WireNumber.TryParseInteger(Encoding.UTF8.GetBytes(digits), out var milliseconds)
            ? Time(milliseconds, name) : throw new FormatException($"{name} is '{digits}', expected milliseconds since 1970");
    }

    private static string NameOf(JsonElement entry, string symbol)
    {
        try
        {
            return $" ({Text(entry, symbol)})";
        }
        catch (FormatException)
        {
            return "";
        }
    }
}
