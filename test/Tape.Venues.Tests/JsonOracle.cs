using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tape.Core.Values;
using Tape.TestKit.Venues;

namespace Tape.Venues.Tests;

/// <summary>
/// What the venues' oracles share: fields of frames read the slow and plain way over <see cref="JsonDocument"/>, and faults where they break their form.
/// </summary>
internal static partial class JsonOracle
{
    /// <summary>An absent integer.</summary>
    public const long Lowest = long.MinValue;

    /// <summary>Judges a frame: the text first, then what it says.</summary>
    /// <param name="frame">The bytes.</param>
    /// <param name="events">Lines of the frame's events.</param>
    public static VenueVerdict Judge(byte[] frame, Func<JsonElement, List<string>> events)
    {
        try
        {
            var reader = new Utf8JsonReader(frame);
            while (reader.Read())
            {
            }

            using var document = JsonDocument.Parse(frame);
            return new VenueVerdict(null, events(document.RootElement));
        }
        catch (JsonException fault)
        {
            return new VenueVerdict(fault.Message, []);
        }
        catch (FormFault fault)
        {
            return new VenueVerdict(fault.Message, []);
        }
    }

    /// <summary>The last member of a name, null and absent being the same.</summary>
    public static JsonElement? Member(JsonElement element, string name)
    {
        JsonElement? last = null;
        foreach (var member in element.EnumerateObject())
        {
            if (NameOf(member) == name) last = member.Value;
        }

        return last is { ValueKind: JsonValueKind.Null } ? null : last;
    }

    public static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public static JsonElement Needed(JsonElement element, string name) => Member(element, name) ?? throw new FormFault($"{name} is missing");

    public static JsonElement Object(JsonElement element, string name)
        => Needed(element, name) is { ValueKind: JsonValueKind.Object } found ? found : throw new FormFault($"{name} is no object");

    public static string? TryText(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public static string Text(JsonElement element)
        => element.ValueKind == JsonValueKind.String ? TryText(element) ?? throw new FormFault("invalid text") : throw new FormFault("no string");

    /// <summary>A text that is not empty.</summary>
    public static string Name(JsonElement element, string name) =>
        Text(Needed(element, name)) is { Length: > 0 } text ? text : throw new FormFault($"{name} is empty");

    public static bool Flag(JsonElement element, string name) => Needed(element, name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new FormFault($"{name} is no boolean"),
    };

    public static double Number(JsonElement element, string name) => Number(Needed(element, name));

    public static double Number(JsonElement element)
    {
        var text = Text(element);
        if (!NumberForm().IsMatch(text)) throw new FormFault("no number");
        var value = double.Parse(text, CultureInfo.InvariantCulture);
        return double.IsFinite(value) ? value : throw new FormFault("infinite");
    }

    public static double OptionalNumber(JsonElement element, string name)
        => Member(element, name) is not { } found || (found.ValueKind == JsonValueKind.String && TryText(found) == "") ? double.NaN : Number(found);

    public static long Integer(JsonElement element, string name)
    {
        var found = Needed(element, name);
        var raw = found.ValueKind == JsonValueKind.Number ? found.GetRawText() : "";
        return IntegerForm().IsMatch(raw) && long.TryParse(raw, CultureInfo.InvariantCulture, out var value) && value != Lowest
            ? value : throw new FormFault($"{name} is no integer");
    }

    public static long OptionalInteger(JsonElement element, string name) => Member(element, name) is null ? Lowest : Integer(element, name);

    public static long Time(JsonElement element, string name)
    {
        try
        {
            return checked(Integer(element, name) * 1_000_000);
        }
        catch (OverflowException)
        {
            throw new FormFault($"{name} is beyond 64-bit nanoseconds");
        }
    }

    public static long OptionalTime(JsonElement element, string name) => Member(element, name) is null ? Lowest : Time(element, name);

    /// <summary>A time in milliseconds in quotes; absent and empty are the same.</summary>
    public static long QuotedTime(JsonElement element, string name)
    {
        var milliseconds = QuotedInteger(element, name);
        try
        {
            return milliseconds == Lowest ? Lowest : checked(milliseconds * 1_000_000);
        }
        catch (OverflowException)
        {
            throw new FormFault($"{name} is beyond 64-bit nanoseconds");
        }
    }

    /// <summary>An integer in quotes; absent and empty are the same.</summary>
    public static long QuotedInteger(JsonElement element, string name)
    {
        if (Member(element, name) is not { } found || (found.ValueKind == JsonValueKind.String && TryText(found) == "")) return Lowest;
        var text = Text(found);
        return IntegerForm().IsMatch(text) && long.TryParse(text, CultureInfo.InvariantCulture, out var value) && value != Lowest
            ? value : throw new FormFault($"{name} is no integer in quotes");
    }

    /// <summary>Price and quantity of each level.</summary>
    public static List<(double Price, double Quantity)> Levels(JsonElement element, string name, int partsMin, int partsMax)
    {
        if (Needed(element, name) is not { ValueKind: JsonValueKind.Array } levels) throw new FormFault($"{name} is no array of levels");
        return [.. levels.EnumerateArray()
            .Select(level => level.ValueKind == JsonValueKind.Array && level.GetArrayLength() >= partsMin && level.GetArrayLength() <= partsMax
            ? (Number(level[0]), Number(level[1])) : throw new FormFault("no level"))];
    }

    /// <summary>Rows of a book in the order of the frame; one row without a side when there is no level.</summary>
    public static void AddBook(List<string> lines, JsonElement data, (string Bids, string Asks) names,
        (List<(double Price, double Quantity)> Bids, List<(double Price, double Quantity)> Asks) levels,
        (string Symbol, long Time, long Sent) head, object[] columns)
    {
        var members = data.EnumerateObject().Select(NameOf).ToList();
        var (bids, asks) = (levels.Bids.Select(level => (Side.Buy, level)), levels.Asks.Select(level => (Side.Sell, level)));
        var areBidsFirst = members.LastIndexOf(names.Bids) < members.LastIndexOf(names.Asks);
        var rows = areBidsFirst ? bids.Concat(asks) : asks.Concat(bids);
        foreach (var (side, (price, quantity)) in rows.DefaultIfEmpty((Side.None, (double.NaN, double.NaN))))
            lines.Add(EventText.Line("book", lines.Count, head.Symbol, head.Time, head.Sent, [side, price, quantity, .. columns]));
    }

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z")]
    private static partial Regex NumberForm();

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)\z")]
    private static partial Regex IntegerForm();

    public sealed class FormFault(string message) : Exception(message);
}
