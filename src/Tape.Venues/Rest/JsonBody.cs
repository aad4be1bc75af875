using System.Text.Json;
using System.Text.Unicode;

namespace Tape.Venues.Rest;

/// <summary>Reads fields of a JSON answer; what is missing or of another type becomes a <see cref="FormatException"/> that names the field.</summary>
internal static class JsonBody
{
    /// <summary>Parses a body that must be one JSON object, or another kind of value.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body, JsonValueKind kind = JsonValueKind.Object)
    {
        if (!Utf8.IsValid(body.Span)) throw new FormatException("found bytes that are no UTF-8 text, expected JSON");
        try
        {
            var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == kind) return document;
            document.Dispose();
        }
        catch (JsonException fault)
        {
            throw new FormatException($"found no JSON: {fault.Message}", fault);
        }

        throw new FormatException($"found JSON that is no {kind.ToString().ToLowerInvariant()}, expected one");
    }

    /// <summary>A text; empty only where allowed. A text with half a surrogate pair is refused.</summary>
    public static string Text(JsonElement json, string name, bool mayBeEmpty = false)
    {
        var value = Field(json, name, JsonValueKind.String);
        try
        {
            var text = value.GetString()!;
            return text.Length > 0 || mayBeEmpty ? text : throw new FormatException($"{name} is empty");
        }
        catch (InvalidOperationException fault)
        {
            throw new FormatException($"{name} is no text: {fault.Message}", fault);
        }
    }

    public static JsonElement Object(JsonElement json, string name) => Field(json, name, JsonValueKind.Object);

    public static JsonElement Array(JsonElement json, string name) => Field(json, name, JsonValueKind.Array);

    public static long Integer(JsonElement json, string name) =>
        Field(json, name, JsonValueKind.Number).TryGetInt64(out var value) ? value : throw new FormatException($"{name} is no whole number of 64 bits");

    /// <summary>Reads a body; what is wrong with it becomes the fault.</summary>
    public static T? Read<T>(ReadOnlyMemory<byte> body, Func<JsonElement, T> read, out string? fault, JsonValueKind kind = JsonValueKind.Object)
    {
        try
        {
            using var json = Parse(body, kind);
            fault = null;
            return read(json.RootElement);
        }
        catch (FormatException wrong)
        {
            fault = wrong.Message;
            return default;
        }
    }

    private static JsonElement Field(JsonElement json, string name, JsonValueKind kind)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new FormatException($"found {json.ValueKind}, expected an object with {name}");
        JsonElement? found = null;
        foreach (var field in json.EnumerateObject())
        {
            if (!field.NameEquals(name)) continue;
            if (found is not null) throw new FormatException($"{name} stands twice");
            found = field.Value;
        }

        if (found is not { } value) throw new FormatException($"{name} is missing");
        return value.ValueKind == kind ? value : throw new FormatException($"{name} is {value.ValueKind}, expected {kind}");
    }
}
