using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Tape.Storage.Journal;

/// <summary>
/// What the lines of a log may be: JSON objects whose first field <c>entry</c> names their type. Fields that are not known are ignored, so a newer program may
/// add some; what must not be ignored it marks with a field <c>v</c> right behind <c>entry</c>, absent in version 1, or by an <c>entry</c> of a new name. Lines
/// of version 2 carry a <see cref="LineChain"/>.
/// </summary>
/// <param name="hint">What to do when the log is damaged.</param>
/// <param name="entries">The names that this program knows.</param>
internal class LineFormat(string hint, params IReadOnlyCollection<string> entries)
{
    /// <summary>The version of lines that this program knows.</summary>
    public const int Known = 2;

    /// <summary>What to do when the log is damaged.</summary>
    public string Hint => hint;

    /// <exception cref="UnknownVersionException">The line says that it is of a higher version, or is an entry of a name that is not known.</exception>
    public void RequireKnown(string path, int at, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return;
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("entry"u8) || !reader.Read()) return;
        var name = reader.TokenType == JsonTokenType.String ? reader.GetString()! : null;
        if (reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("v"u8) && reader.Read()
            && !(reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var version) && version is >= 1 and <= Known))
            throw new UnknownVersionException($"{path}: at byte {at}", $"a line of version {System.Text.Encoding.UTF8.GetString(reader.ValueSpan)}",
                $"version {Known}");
        if (name is not null && !entries.Contains(name))
            throw new UnknownVersionException($"{path}: at byte {at}", $"an entry '{name}'", "one that this program knows");
    }
}

/// <summary>Lines that are entries of a closed family of types.</summary>
/// <param name="hint">What to do when the log is damaged.</param>
/// <param name="type">The family; the names of its types are those of the entries.</param>
internal sealed class LineFormat<TEntry>(string hint, JsonTypeInfo<TEntry> type)
    : LineFormat(hint, [.. type.PolymorphismOptions!.DerivedTypes.Select(entry => (string)entry.TypeDiscriminator!)])
    where TEntry : class
{
    /// <exception cref="JsonException">It is no entry.</exception>
    /// <exception cref="FormatException">It is empty.</exception>
    public TEntry Read(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, type) ?? throw new FormatException("nothing, expected an entry");

    /// <summary>The JSON of a line.</summary>
    public byte[] Write(TEntry entry) => JsonSerializer.SerializeToUtf8Bytes(entry, type);
}
