using System.Text.Json;

namespace Tape.Host.Alerts;

/// <summary>A change of the state, or several in one, for people.</summary>
/// <param name="At">When the last of them happened.</param>
/// <param name="Before">The state of the last alert.</param>
/// <param name="Report">The state now.</param>
/// <param name="Changes">How many changes it stands for; 0 in a reminder that the state lasts.</param>
/// <param name="Vault">The vault's folder.</param>
/// <param name="IsTest">Nothing happened: this one tests whether alerts arrive.</param>
public sealed record Alert(UnixNanos At, string Before, StateReport Report, int Changes, string Vault, bool IsTest)
{
    /// <summary>One line for people.</summary>
    public string Text => $"{(IsTest ? "test: " : "")}Tapevault {Report.Name} ({(Changes == 0 ? "still" : $"was {Before}")}) on "
        + $"{Environment.MachineName}{(Report.Why.Count > 0 ? $": {string.Join("; ", Report.Why)}" : "")}";

    /// <summary>What a webhook gets. <c>text</c> is the field that chat services show.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("text", Text);
        json.WriteString("state", Report.Name);
        json.WriteString("before", Before);
        json.WriteString("at", At.ToString());
        WriteList(json, "why", Report.Why);
        WriteList(json, "advice", Report.Advice);
        json.WriteNumber("changes", Changes);
        json.WriteString("host", Environment.MachineName);
        json.WriteString("vault", Vault);
        json.WriteBoolean("test", IsTest);
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> items)
    {
        json.WriteStartArray(name);
        foreach (var item in items) json.WriteStringValue(item);
        json.WriteEndArray();
    }
}
