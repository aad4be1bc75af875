using System.CommandLine;
using System.Text.Json;
using Tape.Bench.Synthetic;
using Tape.Cli;
using Tape.Cli.Options;
using Tape.Host;
using Tape.Venues;
using Tape.Venues.Contract;

namespace Tape.Bench.Fuzz;

/// <summary>
/// <c>tape-bench fuzz</c>: mutated frames through a decoder that remembers earlier frames and through the same decoder made to forget them (by a
/// blank before the frame). It must never throw, leave no events of an undecodable frame, call a frame no JSON exactly when <c>Utf8JsonReader</c> does, and
/// come to the same end both ways. The canary breaks the decoder's answers on purpose, so that a harness that notices nothing is noticed itself.
/// </summary>
internal static class FuzzBench
{
    private const int SeedFrames = 400;
    private const int FailuresShown = 5;

    public static Command Create()
    {
        var venue = VenueOption.Create();
        var frames = new Option<long>("--frames") { Description = "Mutated frames to try.", DefaultValueFactory = _ => 1_000_000 };
        var seed = new Option<int>("--seed") { Description = "Seed; the same seed gives the same frames.", DefaultValueFactory = _ => 1 };
        var canary = new Option<bool>("--canary") { Description = "Break the decoder's answers on purpose: the command must then report failures." };
        var command = new Command("fuzz", "Send mutated frames through a decoder and check its promises.") { venue, frames, seed, canary }
            .WithDetails("Exit status 1 when it broke one.");
        command.SetAction((parse, cancel) =>
            Task.Run(() => Run(parse.GetRequiredValue(venue), parse.GetValue(frames), parse.GetValue(seed), parse.GetValue(canary), cancel),
            CancellationToken.None));
        return command;
    }

    private static int Run(string venueName, long frameCount, int seed, bool isCanary, CancellationToken cancel)
    {
        var random = new Random(seed);
        var maker = FrameMaker.Of(venueName, random);
        var seeds = Enumerable.Range(0, SeedFrames).Select(number => maker.Frame(maker.KindNames[number % maker.KindNames.Count]))
            .Concat(maker.Rare.Select(Encoding.UTF8.GetBytes)).ToArray();
        var mutator = new FrameMutator(random, seeds);
        using var trial = new FuzzTrial(VenueCatalog.Find(venueName)!, isCanary);
        for (long frame = 0; frame < frameCount && !cancel.IsCancellationRequested; frame++)
        {
            // A good frame now and then keeps what the decoder remembers fresh, as a real stream would.
            trial.Try(frame % 8 == 0 ? seeds[random.Next(seeds.Length)] : mutator.Next());
        }

        Print(venueName, seed, isCanary, trial);
        return cancel.IsCancellationRequested ? ExitCode.Cancelled : trial.FailureCount == 0 ? ExitCode.Ok : ExitCode.Findings;
    }

    private static void Print(string venue, int seed, bool isCanary, FuzzTrial trial)
    {
        using var output = Console.OpenStandardOutput();
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("bench", "fuzz");
        json.WriteString("venue", venue);
        json.WriteNumber("seed", seed);
        json.WriteBoolean("canary", isCanary);
        json.WriteNumber("frames", trial.FrameCount);
        foreach (var outcome in Enum.GetValues<FrameOutcome>())
            json.WriteNumber(JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString()), trial.Count(outcome));
        json.WriteNumber("no_json", trial.NoJsonCount);
        json.WriteNumber("failures", trial.FailureCount);
        json.WriteStartArray("first_failures");
        foreach (var failure in trial.Failures.Take(FailuresShown)) json.WriteStringValue(failure);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.Write("\n"u8);
    }
}
