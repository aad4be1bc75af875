using System.Text.Json;

namespace Tape.Storage.Journal;

/// <summary>What reading JSON of a form may throw where the text, whole or not, is of another form: each means the same to who reads stored lines.</summary>
public static class JsonFaults
{
    /// <summary>Whether it says that a text is not what was expected: no JSON, another type of value, a number out of range, text that is no Unicode.</summary>
    public static bool IsFault(Exception fault) =>
        fault is JsonException or FormatException or InvalidOperationException or NotSupportedException or OverflowException;
}
