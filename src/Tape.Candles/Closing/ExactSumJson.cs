using System.Text.Json;
using System.Text.Json.Serialization;
using Tape.Core.Candles;

namespace Tape.Candles.Closing;

/// <summary>An exact sum in a state: <c>"12345E-8"</c>, or <c>"overflow"</c>.</summary>
internal sealed class ExactSumJson : JsonConverter<ExactSum>
{
    private const string Overflow = "overflow";

    public override ExactSum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString() ?? "";
        if (text == Overflow) return new(0, 0, hasOverflowed: true);
        var at = text.IndexOf('E');
        return at > 0 && Int128.TryParse(text.AsSpan(0, at), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var mantissa)
            && int.TryParse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent)
            ? new(mantissa, exponent) : throw new JsonException($"found '{text}', expected a sum");
    }

    public override void Write(Utf8JsonWriter writer, ExactSum value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.HasOverflowed ? Overflow : string.Create(CultureInfo.InvariantCulture, $"{value.Mantissa}E{value.Exponent}"));
}
