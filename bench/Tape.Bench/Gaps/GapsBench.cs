using System.CommandLine;
using System.Text.Json;
using Tape.Cli;
using Tape.Host;

namespace Tape.Bench.Gaps;

/// <summary>
/// <c>tape-bench gaps</c>: plants cuts, stalls, drops, skips, duplicates, reorders, overlaps, undecodable frames and honest silence into what the venues say,
/// over all channels, and compares the ledger with the plan. Where ids prove a gap, each one must be found with its ids and its cause, and no other; elsewhere
/// 99.9 %. The tracker goes on from its saved state again and again. The canary hides some of what was found, so that a harness that notices nothing is noticed
/// itself.
/// </summary>
internal static class GapsBench
{
    private const int CanaryHidesEvery = 100;

    public static Command Create()
    {
        var seed = new Option<int>("--seed") { Description = "Seed; the same seed gives the same tape.", DefaultValueFactory = _ => 1 };
        var anomalies = new Option<int>("--anomalies") { Description = "Anomalies to plant.", DefaultValueFactory = _ => 1000 };
        var canary = new Option<bool>("--canary") { Description = "Hide some of what was found: the command must then report failures." };
        var command = new Command("gaps", "Plant gaps of every kind and compare the gap ledger with the plan.") { seed, anomalies, canary }
            .WithDetails("Exit status 1 when the ledger is not as good as promised.");
        command.SetAction((parse, cancel) =>
            Task.Run(() => Run(parse.GetValue(seed), parse.GetValue(anomalies), parse.GetValue(canary), parse.InvocationConfiguration.Output, cancel),
            CancellationToken.None));
        return command;
    }

    private static int Run(int seed, int anomalies, bool isCanary, TextWriter output, CancellationToken cancel)
    {
        var chance = new Random(seed);
        var world = new RehearsedWorld(chance);
        var planted = new SortedDictionary<string, int>(StringComparer.Ordinal);
        world.Start();
        world.Run(60);
        (string Name, Action<RehearsedConnection> Plant)[] all = [.. new Anomalies(world).All, .. new Interruptions(world).All];
        for (var number = 0; number < anomalies; number++)
        {
            if (cancel.IsCancellationRequested) return ExitCode.Cancelled;
            var (name, plant) = all[chance.Next(all.Length)];
            plant(world.Connections[chance.Next(world.Connections.Count)]);
            planted[name] = planted.GetValueOrDefault(name) + 1;
            // What is still open must be settled before the next one, or the plan itself would not know what it is.
            world.Run(15);
        }

        var told = world.Tape.Finish();
        var score = new GapScore(world.Planned, isCanary ? [.. told.Where((_, index) => index % CanaryHidesEvery != 0)] : told, world.Tape.Standings);
        score.WriteTable(output);
        output.WriteLine(Json(seed, anomalies, world, planted, score));
        return score.IsGood ? ExitCode.Ok : ExitCode.Findings;
    }

    private static string Json(int seed, int anomalies, RehearsedWorld world, IReadOnlyDictionary<string, int> planted, GapScore score) =>
        JsonText.Object(json =>
    {
        json.WriteString("bench", "gaps");
        json.WriteNumber("seed", seed);
        json.WriteNumber("anomalies", anomalies);
        json.WriteStartObject("planted");
        foreach (var (name, count) in planted) json.WriteNumber(name, count);
        json.WriteEndObject();
        json.WriteNumber("streams", world.Connections.Sum(connection => connection.Streams.Count));
        json.WriteNumber("frames", world.Tape.Frames);
        json.WriteNumber("records", world.Tape.Records);
        Write(json, "proved_by_ids", score.Proved);
        Write(json, "by_time", score.Timed);
        json.WriteNumber("duplicates", world.Tape.Standings.Sum(standing => standing.Duplicates));
        json.WriteNumber("reorders", world.Tape.Standings.Sum(standing => standing.Reorders));
        json.WriteNumber("overlaps", world.Tape.Standings.Sum(standing => standing.Overlaps));
        json.WriteStartArray("failures");
        foreach (var failure in score.Failures) json.WriteStringValue(failure);
        json.WriteEndArray();
    }, indented: true);

    private static void Write(Utf8JsonWriter json, string name, GapScore.Sum sum)
    {
        json.WriteStartObject(name);
        json.WriteNumber("right", sum.Right);
        json.WriteNumber("confused", sum.Confused);
        json.WriteNumber("missed", sum.Missed);
        json.WriteNumber("told_and_not_planted", sum.ToldFalse);
        json.WriteNumber("recall", sum.Recall);
        json.WriteNumber("precision", sum.Precision);
        json.WriteEndObject();
    }
}
