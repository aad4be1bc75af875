using System.Text.Json;
using Tape.Cli.Demo;
using Tape.Simulator.Proof;

namespace Tape.Bench.Crash;

/// <summary>The outcome of all rounds as one JSON object.</summary>
internal static class CrashReport
{
    public static void Write(CrashPlan plan, CrashCounts counts, IReadOnlyList<CrashRoundResult> rounds, Stream output)
    {
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("bench", "crash");
            json.WriteNumber("seed", plan.Seed);
            json.WriteString("setup", Name(plan.Setup.ToString()));
            json.WriteNumber("rounds", rounds.Count);
            WriteKills(json, counts);
            ProofScreen.WriteJson(json, Sum(rounds.Select(round => round.Proof)));
            WriteDays(json, plan, rounds);
            WriteSanity(json, rounds);
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    private static void WriteKills(Utf8JsonWriter json, CrashCounts counts)
    {
        json.WriteNumber("kills", counts.Kills);
        json.WriteStartObject("kills_of");
        foreach (var victim in Enum.GetValues<CrashVictim>()) json.WriteNumber(Name(victim.ToString()), counts.Of(victim));
        json.WriteEndObject();
        json.WriteStartObject("kills_when");
        foreach (var aim in Enum.GetValues<KillAim>()) json.WriteNumber(Name(aim.ToString()), counts.Of(aim));
        json.WriteEndObject();
        json.WriteNumber("questions_beyond_memory", counts.HungryQuestions);
    }

    private static void WriteDays(Utf8JsonWriter json, CrashPlan plan, IReadOnlyList<CrashRoundResult> rounds)
    {
        json.WriteStartObject("old_days");
        json.WriteNumber("days", plan.Days * rounds.Count);
        json.WriteNumber("made_by_killed_processes", rounds.Sum(round => round.Days.MadeBefore));
        json.WriteNumber("proven", rounds.Sum(round => round.Days.Made));
        json.WriteNumber("segments_compressed", rounds.Sum(round => round.Days.Compressed));
        json.WriteNumber("segments_expired", rounds.Sum(round => round.Days.Expired));
        json.WriteStartArray("faults");
        foreach (var fault in rounds.SelectMany(round => round.Days.Faults)) json.WriteStringValue(fault);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSanity(Utf8JsonWriter json, IReadOnlyList<CrashRoundResult> rounds)
    {
        json.WriteNumber("torn_tails_cut", rounds.Sum(round => round.Sanity.Survey.Recoveries));
        json.WriteNumber("seals", rounds.Sum(round => round.Sanity.Seals));
        json.WriteNumber("rows", rounds.Sum(round => round.Sanity.Rows));
        json.WriteNumber("rows_proven", rounds.Sum(round => round.Sanity.RowsProven));
        json.WriteBoolean("sound", rounds.All(round => round.Sanity.IsSound));
        json.WriteStartArray("findings");
        foreach (var finding in rounds.SelectMany(round => round.Sanity.Findings)) json.WriteStringValue(finding);
        json.WriteEndArray();
    }

    private static ProofResult Sum(IEnumerable<ProofResult> proofs) => proofs.Aggregate((sum, next) => new ProofResult(
        sum.Sent + next.Sent, sum.Stored + next.Stored, sum.Dropped + next.Dropped, sum.InKillWindows + next.InKillWindows,
            sum.InConnectionEnds + next.InConnectionEnds, sum.Unexplained + next.Unexplained,
        [.. sum.KillWindows, .. next.KillWindows], sum.Rotations + next.Rotations, [.. sum.Faults, .. next.Faults]));

    private static string Name(string value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value);
}
