using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tape.Api.Documents;

/// <summary>Writes integers as <see cref="JsonIntegers"/> says.</summary>
internal sealed class SafeInteger : JsonConverter<long>
{
    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType != JsonTokenType.String ? reader.GetInt64()
        : long.TryParse(reader.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value : throw new JsonException("found a text that is no integer of 64 bits");

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteIntegerValue("", value);
}
