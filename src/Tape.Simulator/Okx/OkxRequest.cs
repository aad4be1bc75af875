using System.Text.Json;

namespace Tape.Simulator.Okx;

/// <summary>A client's request, or what is wrong with it.</summary>
/// <param name="Operation"><c>subscribe</c> or <c>unsubscribe</c>.</param>
/// <param name="Arguments">What each argument names (null when nothing) and its JSON, which answers repeat.</param>
/// <param name="Id">The client's own id, or null.</param>
/// <param name="Text">The request as it came, which refusals repeat.</param>
/// <param name="IsFaulty">Whether it is no request at all.</param>
internal sealed record OkxRequest(string Operation, IReadOnlyList<(string? Name, string Json)> Arguments, string? Id, string Text, bool IsFaulty)
{
    private const int IdLettersMax = 32;

    /// <summary>Reads a request; never throws.</summary>
    public static OkxRequest Parse(ReadOnlyMemory<byte> message)
    {
        var text = Encoding.UTF8.GetString(message.Span);
        try
        {
            using var document = JsonDocument.Parse(message);
            return Read(document.RootElement, text) ?? new("", [], null, text, true);
        }
        catch (JsonException)
        {
            return new("", [], null, text, true);
        }
    }

    /// <summary>The answer to one argument.</summary>
    public byte[] Accepted(string argument, string connection) =>
        Encoding.UTF8.GetBytes($"{{{IdPart}\"event\":\"{Operation}\",\"arg\":{argument},\"connId\":\"{connection}\"}}");

    /// <summary>An error; it does not repeat the argument, except inside its text.</summary>
    public byte[] Refused(string code, string message, string connection) =>
        Encoding.UTF8.GetBytes($"{{{IdPart}\"event\":\"error\",\"msg\":{JsonSerializer.Serialize(message)},\"code\":\"{code}\",\"connId\":\"{connection}\"}}");

    private string IdPart => Id is null ? "" : $"\"id\":{JsonSerializer.Serialize(Id)},";

    private static OkxRequest? Read(JsonElement root, string text)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("op", out var operation) || operation.ValueKind != JsonValueKind.String) return null;
        if (operation.GetString() is not ("subscribe" or "unsubscribe") || !root.TryGetProperty("args", out var list) || list.ValueKind != JsonValueKind.Array
            || list.GetArrayLength() == 0)
            return null;
        var id = root.TryGetProperty("id", out var given) ? given.GetString() : null;
        if (id is { Length: > IdLettersMax } || id?.All(char.IsAsciiLetterOrDigit) == false) return null;
        return new(operation.GetString()!, [.. list.EnumerateArray().Select(argument => (OkxChannels.NameOf(argument), argument.GetRawText()))], id, text,
            false);
    }
}
