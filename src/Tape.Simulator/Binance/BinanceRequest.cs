using System.Text.Json;

namespace Tape.Simulator.Binance;

/// <summary>A client's request, or what is wrong with it.</summary>
/// <param name="Method">Upper case as sent.</param>
/// <param name="Names">The text parameters.</param>
/// <param name="Flag">The boolean parameter (SET_PROPERTY), if any.</param>
/// <param name="Id">The id as JSON text, echoed unchanged.</param>
/// <param name="Fault">The venue's error text, or null.</param>
internal sealed record BinanceRequest(string Method, IReadOnlyList<string> Names, bool? Flag, string Id, string? Fault)
{
    /// <summary>Reads a request; never throws.</summary>
    public static BinanceRequest Parse(ReadOnlyMemory<byte> message)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            return Read(document.RootElement);
        }
        catch (JsonException fault)
        {
            return Bad("null", $"Invalid JSON: {fault.Message.Split('.')[0]}");
        }
    }

    private static BinanceRequest Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return Bad("null", "Invalid request: the request is not an object");
        var id = root.TryGetProperty("id", out var given) ? given.GetRawText() : "null";
        if (given.ValueKind is not (JsonValueKind.Number or JsonValueKind.String or JsonValueKind.Null or JsonValueKind.Undefined)
            || (given.ValueKind == JsonValueKind.Number && !given.TryGetInt64(out _)))
            return Bad("null", "Invalid request: request ID must be an integer, a string or null");
        if (!root.TryGetProperty("method", out var method) || method.ValueKind != JsonValueKind.String)
            return Bad(id, "Invalid request: missing field `method`");
        var (names, flag) = (new List<string>(), (bool?)null);
        if (root.TryGetProperty("params", out var list) && list.ValueKind != JsonValueKind.Array) return Bad(id, "Invalid request: `params` is not an array");
        foreach (var item in list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default)
        {
            if (item.ValueKind == JsonValueKind.String) names.Add(item.GetString()!);
            else if (item.ValueKind is JsonValueKind.True or JsonValueKind.False) flag = item.GetBoolean();
            else return Bad(id, "Invalid request: a parameter is not a string");
        }
        return new BinanceRequest(method.GetString()!, names, flag, id, null);
    }

    private static BinanceRequest Bad(string id, string fault) => new("", [], null, id, fault);

    /// <summary>The answer that accepts.</summary>
    public byte[] Accepted(string result = "null") => Encoding.UTF8.GetBytes($"{{\"result\":{result},\"id\":{Id}}}");

    /// <summary>The answer that refuses.</summary>
    public byte[] Refused(int code, string message) =>
        Encoding.UTF8.GetBytes($"{{\"error\":{{\"code\":{code},\"msg\":{JsonSerializer.Serialize(message)}}},\"id\":{Id}}}");
}
