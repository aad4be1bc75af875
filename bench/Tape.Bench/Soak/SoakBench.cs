using System.CommandLine;
using System.Text.Json;
using Tape.Cli;
using Tape.Cli.Demo;
using Tape.Cli.Options;
using Tape.Host;

namespace Tape.Bench.Soak;

/// <summary>
/// <c>tape-bench soak</c>: a recorder's process records from simulators of all venues with faults on, for long; its memory and handles are watched, and every
/// frame is accounted for.
/// </summary>
internal static class SoakBench
{
    private static readonly TimeSpan CommitInterval = TimeSpan.FromMilliseconds(10);
    private const int Samples = 20;

    public static Command Create()
    {
        var minutes = new Option<double>("--minutes") { Description = "How long to record.", DefaultValueFactory = _ => 60 };
        minutes.Check(given => given is > 0 and <= 100_000, "--minutes is above 0, at most 100000.");
        var rate = new Option<double>("--rate") { Description = "Frames a second that the three simulators send together.", DefaultValueFactory = _ => 20_000 };
        rate.Check(given => given is > 0 and <= 1_000_000, "--rate is above 0, at most 1000000.");
        var seed = new Option<int>("--seed") { Description = "Seed of the markets and of faults.", DefaultValueFactory = _ => 1 };
        var folder = BenchFolder.Option();
        var command = new Command("soak", "Record from three faulty simulators for long; watch memory and handles; account for all.")
        {
            minutes,
            rate,
            seed,
            folder,
        }
            .WithDetails("Prints a JSON line now and then and a last one. Exit status 1 when a frame is unexplained or was dropped. "
                + "The disk needs 40 bytes a frame for journals, and the tape's room.");
        command.SetAction(async (parse, cancel) =>
        {
            using var place = BenchFolder.Create(parse.GetValue(folder));
            return await RunAsync(place.Path, TimeSpan.FromMinutes(parse.GetValue(minutes)), parse.GetValue(rate), parse.GetValue(seed), cancel);
        });
        return command;
    }

    private static async Task<int> RunAsync(string folder, TimeSpan length, double rate, int seed, CancellationToken cancel)
    {
        var venues = await SoakVenue.StartAllAsync(folder, rate, seed, cancel);
        try
        {
            var config = Path.Combine(folder, "tape.yaml");
            await File.WriteAllTextAsync(config, Configuration(venues), cancel);
            var samples = await RecordAsync(config, venues, length, cancel);
            var proofs = new List<SoakedVenue>();
            foreach (var venue in venues) proofs.Add(await venue.ProveAsync(Path.Combine(folder, "vault", "tape"), CommitInterval));
            Report(seed, samples, proofs);
            return proofs.All(venue => venue.Proof is { Unexplained: 0, Dropped: 0 }) ? ExitCode.Ok : ExitCode.Findings;
        }
        finally
        {
            foreach (var venue in venues) await venue.DisposeAsync();
        }
    }

    private static string Configuration(IReadOnlyList<SoakVenue> venues)
    {
        var config = new StringBuilder("vault: ./vault\nvenues:\n");
        foreach (var venue in venues) venue.WriteConfig(config);
        return config.Append("tape:\n  keep_size: 1000GiB\nlog:\n  heartbeat: 1s\n").ToString();
    }

    /// <summary>Records, and looks at the recorder now and then: after a tenth of the time for the first time, when it has warmed up.</summary>
    private static async Task<List<Sample>> RecordAsync(string config, IReadOnlyList<SoakVenue> venues, TimeSpan length, CancellationToken cancel)
    {
        using var recorder = RecorderProcess.Start(config);
        await recorder.WaitUntilConnectedAsync(cancel);
        var (samples, from) = (new List<Sample>(), TimeProvider.System.GetTimestamp());
        for (var i = 1; i <= Samples; i++)
        {
            var left = length * i / Samples - TimeProvider.System.GetElapsedTime(from);
            if (left > TimeSpan.Zero) await Task.Delay(left, TimeProvider.System, cancel);
            if (recorder.HasExited) throw new TapeException("The recorder ended before it was asked to stop.", $"Its log is beside {config}, in vault/logs.");
            if (i < Samples / 10) continue;
            var sample = new Sample(
                TimeProvider.System.GetElapsedTime(from).TotalMinutes, recorder.MemoryBytes, recorder.Handles, recorder.Status?.Frames ?? 0,
                    recorder.Status?.Dropped ?? 0, venues.Sum(venue => venue.Status.FramesSent));
            samples.Add(sample);
            Console.WriteLine(sample.Json("sample"));
        }

        await recorder.StopAsync();
        return samples;
    }

    private static void Report(int seed, List<Sample> samples, List<SoakedVenue> venues)
    {
        foreach (var (name, at) in new[] { ("start", 0), ("middle", samples.Count / 2), ("end", samples.Count - 1) }) Console.WriteLine(samples[at].Json(name));
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("bench", "soak");
            json.WriteNumber("seed", seed);
            json.WriteNumber("sent", venues.Sum(venue => venue.Proof.Sent));
            json.WriteNumber("stored", venues.Sum(venue => venue.Proof.Stored));
            json.WriteNumber("unexplained", venues.Sum(venue => venue.Proof.Unexplained));
            foreach (var venue in venues)
            {
                json.WriteStartObject(venue.Name);
                json.WriteNumber("connections", venue.Connections);
                json.WriteNumber("taken_away_by_faults", venue.Skipped);
                json.WriteNumber("not_made_in_time", venue.Late);
                ProofScreen.WriteJson(json, venue.Proof);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    /// <summary>The recorder at one moment.</summary>
    private sealed record Sample(double Minute, long MemoryBytes, int Handles, long Frames, long Dropped, long Sent)
    {
        public string Json(string at) => string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"bench\":\"soak\",\"at\":\"{at}\",\"minute\":{Math.Round(Minute, 2)},\"rss_bytes\":{MemoryBytes},\"handles\":{Handles},\"frames\":"
                + $"{Frames},\"dropped\":{Dropped},\"sent\":{Sent}}}");
    }
}
