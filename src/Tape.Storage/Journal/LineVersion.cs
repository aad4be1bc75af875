using System.Text.Json;
using Tape.Core.Errors;

namespace Tape.Storage.Journal;

/// <summary>
/// The version of lines in logs of JSON objects. Fields that are not known are ignored, so a newer program may add some; what must not be ignored it marks with
/// a field <c>v</c> right behind <c>entry</c>, absent in version 1, or by an <c>entry</c> of a new name.
/// </summary>
internal static class LineVersion
{
    /// <summary>The version that this program knows.</summary>
    public const int Known = 1;

    /// <exception cref="UnknownVersionException">The line says that it is of a higher version.</exception>
    public static void Require(string path, int at, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return;
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("entry"u8) || !reader.Read()) return;
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("v"u8) || !reader.Read()) return;
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var version) && version == Known) return;
        throw new UnknownVersionException($"{path}: at byte {at}", $"a line of version {System.Text.Encoding.UTF8.GetString(reader.ValueSpan)}",
            $"version {Known}");
    }

    /// <summary>Tells a line that could not be read because its entry is of a new name from one that is wrong.</summary>
    /// <exception cref="UnknownVersionException">The serializer did not know the entry's name.</exception>
    public static void RequireKnownEntry(string path, int at, Exception fault, ReadOnlySpan<byte> json)
    {
        if (fault is not JsonException { Path: "$.entry" or "$" }) return;
        using var line = JsonDocument.Parse(json.ToArray());
        if (line.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("entry", out var name) && name.ValueKind == JsonValueKind.String
            && fault.Message.Contains("discriminator", StringComparison.Ordinal))
            throw new UnknownVersionException($"{path}: at byte {at}", $"an entry '{name.GetString()}'", "one that this program knows");
    }
}
