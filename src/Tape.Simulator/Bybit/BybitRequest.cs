using System.Text.Json;

namespace Tape.Simulator.Bybit;

/// <summary>A client's request, or what is wrong with it.</summary>
/// <param name="Operation"><c>subscribe</c>, <c>unsubscribe</c>, <c>ping</c> or what else was sent.</param>
/// <param name="Topics">The arguments.</param>
/// <param name="Id">The client's own id, empty when it gave none; echoed.</param>
/// <param name="Fault">What is wrong, or null.</param>
internal sealed record BybitRequest(string Operation, IReadOnlyList<string> Topics, string Id, string? Fault)
{
    /// <summary>Reads a request; never throws.</summary>
    public static BybitRequest Parse(ReadOnlyMemory<byte> message)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return Bad("", "", "Request not json");
        }
    }

    /// <summary>The answer: one a request, which does not say what it is about.</summary>
    public byte[] Answer(bool success, string message, string connection) => Encoding.UTF8.GetBytes(
        $"{{\"success\":{(success ? "true" : "false")},\"ret_msg\":{JsonSerializer.Serialize(message)},\"conn_id\":\"{connection}\",\"req_id\":"
            + $"{JsonSerializer.Serialize(Id)},\"op\":{JsonSerializer.Serialize(Operation)}}}");

    private static BybitRequest Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return Bad("", "", "Request not an object");
        var id = Text(root, "req_id") ?? "";
        if (Text(root, "op") is not { Length: > 0 } operation) return Bad("", id, "Params Error");
        if (!root.TryGetProperty("args", out var list)) return new(operation, [], id, operation == "ping" ? null : "Params Error");
        if (list.ValueKind != JsonValueKind.Array) return Bad(operation, id, "Params Error");
        var topics = new List<string>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String) topics.Add(item.GetString()!);
            else if (operation != "ping") return Bad(operation, id, "Params Error");
        }

        return new(operation, topics, id, null);
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static BybitRequest Bad(string operation, string id, string fault) => new(operation, [], id, fault);
}
