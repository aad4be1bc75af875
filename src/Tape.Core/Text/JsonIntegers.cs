using System.Globalization;
using System.Text.Json;

namespace Tape.Core.Text;

/// <summary>
/// Integers in JSON for programs of any language: one that JavaScript would round (beyond 2^53 - 1) is a text of its digits, and so is each value of a field
/// whose name ends in <c>_ns</c>, whatever it is.
/// </summary>
public static class JsonIntegers
{
    /// <summary>The greatest integer up to which all are exact in a double.</summary>
    public const long SafeMax = (1L << 53) - 1;

    private const string Nanoseconds = "_ns";

    /// <summary>Writes a field.</summary>
    public static void WriteInteger(this Utf8JsonWriter json, string name, long value)
    {
        json.WritePropertyName(name);
        json.WriteIntegerValue(name, value);
    }

    /// <summary>Writes the value of a field whose name is written.</summary>
    public static void WriteIntegerValue(this Utf8JsonWriter json, string name, long value)
    {
        if (value is >= -SafeMax and <= SafeMax && !IsNanoseconds(name)) json.WriteNumberValue(value);
        else json.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Whether a field is always a text of digits.</summary>
    public static bool IsNanoseconds(string name) => name.EndsWith(Nanoseconds, StringComparison.Ordinal);
}
