using System.Text.Json;

namespace Tape.Query.Last;

/// <summary>The newest rows of a symbol as fields of an open JSON object; the program and the server share it.</summary>
public static class LastRowsJson
{
    /// <param name="now">What ages are counted from.</param>
    public static void Write(Utf8JsonWriter json, string symbol, IReadOnlyList<LastRow> rows, UnixNanos now)
    {
        json.WriteString("symbol", symbol);
        json.WriteString("now", now.ToString());
        json.WriteStartArray("last");
        foreach (var row in rows) Write(json, row, now);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, LastRow row, UnixNanos now)
    {
        json.WriteStartObject();
        json.WriteString("table", row.Table);
        json.WriteString("exchange", row.Exchange);
        json.WriteString("symbol", row.Symbol);
        json.WriteString("ts_recv", row.ReceivedAt.ToString());
        if (row.EventTime is not null) json.WriteString("ts_event", row.EventTime);
        json.WriteNumber("age_seconds", Math.Round(Math.Max(0, now.Since(row.ReceivedAt).TotalSeconds), 3));
        foreach (var (name, value) in row.Values)
        {
            if (value is double number) json.WriteNumber(name, number);
            else if (value is long integer) json.WriteInteger(name, integer);
            else json.WriteString(name, (string)value);
        }

        json.WriteEndObject();
    }
}
