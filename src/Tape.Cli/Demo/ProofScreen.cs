using System.Text.Json;
using Tape.Host.Configuration;
using Tape.Simulator.Proof;

namespace Tape.Cli.Demo;

/// <summary>Shows a proof.</summary>
internal static class ProofScreen
{
    public static void WriteText(ProofResult proof, int kills, TextWriter output)
    {
        Line(output, "sent", proof.Sent, "messages that the simulator sent whole");
        Line(output, "stored", proof.Stored, "on the tape, byte for byte, in order");
        Line(output, "dropped by note", proof.Dropped, "did not fit into the queue, declared at their place");
        Line(output, "declared windows", proof.InKillWindows + proof.InConnectionEnds, Windows(proof, kills));
        Line(output, "unexplained", proof.Unexplained, proof.Unexplained == 0 ? "nothing is missing without a reason" : "SOMETHING IS WRONG");
        foreach (var fault in proof.Faults) output.WriteLine($"  {fault}");
    }

    public static void WriteJson(Utf8JsonWriter json, ProofResult proof)
    {
        json.WriteNumber("sent", proof.Sent);
        json.WriteNumber("stored", proof.Stored);
        json.WriteNumber("dropped_by_note", proof.Dropped);
        json.WriteStartObject("kill_windows");
        json.WriteNumber("frames", proof.InKillWindows);
        json.WriteNumber("count", proof.KillWindows.Count);
        json.WriteNumber("median_ms", Math.Round(Quantile(proof, 0.5).TotalMilliseconds, 3));
        json.WriteNumber("longest_ms", Math.Round(Quantile(proof, 1).TotalMilliseconds, 3));
        json.WriteEndObject();
        json.WriteNumber("in_connection_ends", proof.InConnectionEnds);
        json.WriteNumber("rotations", proof.Rotations);
        json.WriteNumber("unexplained", proof.Unexplained);
        json.WriteStartArray("faults");
        foreach (var fault in proof.Faults) json.WriteStringValue(fault);
        json.WriteEndArray();
    }

    private static string Windows(ProofResult proof, int kills) => string.Create(
        CultureInfo.InvariantCulture,
        $"{proof.InKillWindows:N0} around {kills} kill{(kills == 1 ? "" : "s")} ({proof.KillWindows.Count} windows, longest "
            + $"{Units.Show(Quantile(proof, 1))}), {proof.InConnectionEnds:N0} at the end of closed connections");

    private static TimeSpan Quantile(ProofResult proof, double part)
    {
        if (proof.KillWindows.Count == 0) return TimeSpan.Zero;
        var sorted = proof.KillWindows.Order().ToList();
        return sorted[(int)Math.Min(sorted.Count - 1, Math.Floor(part * sorted.Count))];
    }

    private static void Line(TextWriter output, string what, long count, string meaning) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what,-18}{count,12:N0}   {meaning}"));
}
