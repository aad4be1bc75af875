using System.CommandLine;
using System.Text;
using System.Text.Json;
using Tape.Cli.Commands;
using Tape.Core.Events;
using Tape.Venues;

namespace Tape.Cli.Bench;

/// <summary>
/// <c>tape bench fuzz</c>: mutated frames through a decoder that remembers earlier frames and through the same decoder made to forget them (by a
/// blank before the frame). It must never throw, leave no events of an undecodable frame, call a frame no JSON exactly when <c>Utf8JsonReader</c> does, and
/// come to the same end both ways. The canary breaks the decoder's answers on purpose, so that a harness that notices nothing is noticed itself.
/// </summary>
internal static class FuzzBench
{
    private const int SeedFrames = 400;
    private const int FailuresShown = 5;

    private static readonly string[] RareSeeds =
    [
        """{"stream":"!forceOrder@arr","data":{"e":"forceOrder","E":1790526547773,"o":{"s":"BTCUSDT","S":"SELL","o":"LIMIT","f":"IOC","q":"9243","p":"0.1005200","X":"FILLED","z":"9243","T":1790526546763,"st":1}}}""",
        """{"stream":"btcusdt@kline_1m","data":{"e":"kline","E":1790526539304,"s":"BTCUSDT","k":{"t":1790526480000, "T":1790526539999, "s":"BTCUSDT", "i":"1m", "o":"84550.20", "c":"84551.10", "h":"84558.90", "l":"84536.70", "v":"104.194", "n":1483, "x":false, "q":"8809619.55440"}}}""",
        """{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256322,"T":1723161256322,"s":"BTCUSDT","t":5266583935,"p":"61800.30","q":"0.006","X":"INSURANCE_FUND","m":false}}""",
        """[{"e":"markPriceUpdate","E":1790755199000,"s":"BTCUSDT","p":"83259.6","T":1790755200000,"r":""},{"e":"other"}]""",
        """{"e":"depthUpdate","E":1,"T":2,"s":"BTCUSDT","U":157,"u":160,"pu":149,"b":[],"a":[]}""",
        """{"error":{"code":4,"msg":"Too many subscriptions"},"id":4}""",
        """{"result":null,"id":1}""",
    ];

    public static Command Create()
    {
        var venue = VenueOption.Create();
        var frames = new Option<long>("--frames") { Description = "Mutated frames to try.", DefaultValueFactory = _ => 1_000_000 };
        var seed = new Option<int>("--seed") { Description = "Seed; the same seed gives the same frames.", DefaultValueFactory = _ => 1 };
        var canary = new Option<bool>("--canary") { Description = "Break the decoder's answers on purpose: the command must then report failures." };
        var command = new Command("fuzz", "Send mutated frames through a decoder and check its promises.") { venue, frames, seed, canary }
            .WithDetails("Exit status 1 when it broke one.");
        command.SetAction((parse, cancel) => Task.Run(() => Run(parse.GetRequiredValue(venue), parse.GetValue(frames), parse.GetValue(seed), parse.GetValue(canary), cancel), CancellationToken.None));
        return command;
    }

    private static int Run(string venueName, long frameCount, int seed, bool isCanary, CancellationToken cancel)
    {
        var random = new Random(seed);
        var maker = new SyntheticBinance(random);
        var seeds = Enumerable.Range(0, SeedFrames).Select(number => maker.Frame(SyntheticBinance.Kinds[number % SyntheticBinance.Kinds.Count])).Concat(RareSeeds.Select(Encoding.UTF8.GetBytes)).ToArray();
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
        foreach (var outcome in Enum.GetValues<FrameOutcome>()) json.WriteNumber(JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString()), trial.Count(outcome));
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
