using System.CommandLine;
using System.Text.Json;
using Tape.Bench.Synthetic;
using Tape.Cli;
using Tape.Cli.Options;
using Tape.Host;
using Tape.Venues;
using Tape.Venues.Contract;

namespace Tape.Bench.Decode;

/// <summary>
/// <c>tape-bench decode</c>: decoding against <c>Utf8JsonReader</c> that merely skips the tokens of the same frames, in turns within one run
/// on one thread. Each pass goes over all frames of a kind; medians over the passes count, also of the ratio, which is taken pass by pass.
/// </summary>
internal static class DecodeBench
{
    private const int FramesPerKind = 4000;
    private const int WarmUpPasses = 60;

    /// <summary>The runtime compiles hot code again in the background; on a busy machine that takes a while.</summary>
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var venue = VenueOption.Create("binance");
        var seed = new Option<int>("--seed") { Description = "Seed of the synthetic frames.", DefaultValueFactory = _ => 1 };
        var passes = new Option<int>("--passes") { Description = "Measured passes over all frames of a kind.", DefaultValueFactory = _ => 41 };
        var folder = new Option<DirectoryInfo?>("--frames")
        {
            Description = "Folder of captured frames, one a line in <kind>.<source>.jsonl, measured as well.",
        };
        var command = new Command("decode", "Measure decoding against Utf8JsonReader merely skipping the same frames.") { venue, seed, passes, folder };
        command.SetAction((parse, cancel) =>
            Task.Run(() => Run(parse.GetRequiredValue(venue), parse.GetValue(seed), parse.GetValue(passes), parse.GetValue(folder), cancel), cancel));
        return command;
    }

    private static int Run(string venue, int seed, int passes, DirectoryInfo? folder, CancellationToken cancel)
    {
        var maker = FrameMaker.Of(venue, new Random(seed));
        var sets = SyntheticSets(maker, seed).ToList();
        if (folder is not null) sets.AddRange(CapturedSets(folder, maker.Mixed));
        using var output = Console.OpenStandardOutput();
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("bench", "decode");
        json.WriteString("venue", venue);
        json.WriteNumber("seed", seed);
        json.WriteNumber("passes", passes);
        json.WriteStartArray("sets");
        foreach (var (name, frames) in sets)
        {
            cancel.ThrowIfCancellationRequested();
            Report(json, VenueCatalog.Find(venue)!.CreateDecoder(), name, frames, passes, cancel);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.Write("\n"u8);
        return ExitCode.Ok;
    }

    private static IEnumerable<(string Name, byte[][] Frames)> SyntheticSets(FrameMaker maker, int seed)
    {
        foreach (var kind in maker.KindNames) yield return (kind, [.. Enumerable.Range(0, FramesPerKind).Select(_ => maker.Frame(kind))]);
        var chance = new Random(seed);
        var mixed = maker.Mixed.Intersect(maker.KindNames).ToArray();
        yield return (string.Join(" and ", mixed), [.. Enumerable.Range(0, FramesPerKind).Select(_ => maker.Frame(mixed[chance.Next(mixed.Length)]))]);
    }

    /// <summary>
    /// Frames of all files whose names begin alike (<c>kind.source.jsonl</c>) as far as they are JSON objects or arrays, and the trades and quotes together as
    /// they follow each other by turns.
    /// </summary>
    private static IEnumerable<(string Name, byte[][] Frames)> CapturedSets(DirectoryInfo folder, IReadOnlyList<string> mixed)
    {
        var kinds = folder.GetFiles("*.jsonl").OrderBy(file => file.Name, StringComparer.Ordinal)
            .GroupBy(file => string.Join('.', file.Name.Split('.')[..^2]))
            .ToDictionary(kind => kind.Key,
                kind => kind.SelectMany(file => File.ReadLines(file.FullName)).Where(line => line.StartsWith('{') || line.StartsWith('['))
                .Select(System.Text.Encoding.UTF8.GetBytes).ToArray());
        foreach (var (kind, frames) in kinds.Where(kind => kind.Value.Length > 0)) yield return ($"captured {kind}", frames);

        var both = mixed.SelectMany(kind => kinds.GetValueOrDefault(kind, [])).ToArray();
        new Random(1).Shuffle(both);
        // Copied in their new order: received frames do not lie scattered over memory either.
        if (both.Length > 0) yield return ($"captured {string.Join(" and ", mixed)}", [.. both.Select(frame => frame.ToArray())]);
    }

    private static void Report(Utf8JsonWriter json, FrameDecoder decoder, string name, byte[][] frames, int passes, CancellationToken cancel)
    {
        var events = new EventBuffer();
        var (decode, skip, ratio) = (new double[passes], new double[passes], new double[passes]);
        var from = TimeProvider.System.GetTimestamp();
        for (var pass = 0; pass < WarmUpPasses || TimeProvider.System.GetElapsedTime(from) < WarmUpTime; pass++)
        {
            Decode(frames, decoder, events);
            Skip(frames);
        }

        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        Decode(frames, decoder, events);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        for (var pass = 0; pass < passes; pass++)
        {
            cancel.ThrowIfCancellationRequested();
            decode[pass] = Nanos(() => Decode(frames, decoder, events)) / frames.Length;
            skip[pass] = Nanos(() => Skip(frames)) / frames.Length;
            ratio[pass] = skip[pass] / decode[pass];
        }

        json.WriteStartObject();
        json.WriteString("frames", name);
        json.WriteNumber("count", frames.Length);
        json.WriteNumber("bytes_per_frame", Math.Round(frames.Average(frame => (double)frame.Length), 1));
        json.WriteNumber("events", Decode(frames, decoder, events));
        json.WriteNumber("decode_ns_per_frame", Math.Round(Median(decode), 1));
        json.WriteNumber("reader_skip_ns_per_frame", Math.Round(Median(skip), 1));
        json.WriteNumber("times_as_fast", Math.Round(Median(ratio), 2));
        json.WriteNumber("allocated_bytes_per_frame", (double)allocated / frames.Length);
        json.WriteEndObject();
    }

    private static double Nanos(Action pass)
    {
        var from = TimeProvider.System.GetTimestamp();
        pass();
        return TimeProvider.System.GetElapsedTime(from).Ticks * 100.0;
    }

    private static long Decode(byte[][] frames, FrameDecoder decoder, EventBuffer events)
    {
        long count = 0;
        foreach (var frame in frames)
        {
            if (decoder.Decode(frame, events) == FrameOutcome.Events) count += events.Count;
        }

        return count;
    }

    private static long Skip(byte[][] frames)
    {
        long tokens = 0;
        foreach (var frame in frames)
        {
            var reader = new Utf8JsonReader(frame);
            while (reader.Read()) tokens++;
        }

        return tokens;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
