using System.CommandLine;
using Tape.Cli;
using Tape.Cli.Demo;
using Tape.Host;
using Tape.Host.Configuration;
using Tape.Simulator.Market;
using Tape.Storage.Files;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;

namespace Tape.Bench.Ingest;

/// <summary>
/// <c>tape-bench ingest</c>: a real recorder's process takes frames over two connections from this process, which makes next to nothing of its own work,
/// and the tape is counted afterwards: how many frames a second come through without a drop, and what memory and processor that takes.
/// </summary>
internal static class IngestBench
{
    private const int Connections = 2;
    private static readonly TimeSpan SubscribeWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SampleEvery = TimeSpan.FromMilliseconds(100);

    public static Command Create()
    {
        var rate = new Option<double>("--rate")
        {
            Description = "Frames a second over both connections; 0: as fast as the recorder reads.",
            DefaultValueFactory = _ => 600_000,
        };
        var perWrite = new Option<int>("--per-write")
        {
            Description = "Frames that are sent in one write and so come in one read; 1: each comes alone.",
            DefaultValueFactory = _ => 32,
        };
        var seconds = new Option<double>("--seconds") { Description = "How long to send.", DefaultValueFactory = _ => 5 };
        var folder = BenchFolder.Option();
        var command = new Command("ingest", "Measure frames per second through a whole recorder: socket, queue, tape.") { rate, perWrite, seconds, folder }
            .WithDetails("Exit status 1 when a frame was dropped or lost.");
        command.SetAction(async (parse, cancel) =>
        {
            using var place = BenchFolder.Create(parse.GetValue(folder));
            var plan = new Plan(parse.GetValue(rate), Math.Clamp(parse.GetValue(perWrite), 1, 4096), TimeSpan.FromSeconds(parse.GetValue(seconds)));
            return await RunAsync(plan, place.Path, TimeProvider.System, cancel);
        });
        return command;
    }

    private sealed record Plan(double Rate, int PerWrite, TimeSpan Length);

    private sealed record Measured(long Sent, double Seconds, long MemoryMax, TimeSpan RecorderTime, TimeSpan SenderTime);

    private static async Task<int> RunAsync(Plan plan, string folder, TimeProvider time, CancellationToken cancel)
    {
        var symbols = SymbolSpec.First(10);
        using var blaster = new FrameBlaster(symbols, plan.PerWrite, plan.Rate, time);
        blaster.Start();
        var config = ConfigTemplate.Write("./vault", symbols.Select(symbol => symbol.Name), blaster.Endpoint.ToString().TrimEnd('/'))
            .Replace("channels: [aggTrade, bookTicker, markPrice, forceOrder, depth]", "channels: [aggTrade, bookTicker]", StringComparison.Ordinal)
            .Replace("heartbeat: 30s", "heartbeat: 1s", StringComparison.Ordinal);
        var path = Path.Combine(folder, "tape.yaml");
        await File.WriteAllTextAsync(path, config, cancel);
        var measured = await MeasureAsync(blaster, path, plan, time, cancel);
        var (stored, dropped) = Count(Path.Combine(folder, "vault", "tape"));
        Console.WriteLine(Show(plan, measured, stored, dropped));
        return stored == measured.Sent && dropped == 0 ? ExitCode.Ok : ExitCode.Findings;
    }

    private static async Task<Measured> MeasureAsync(FrameBlaster blaster, string config, Plan plan, TimeProvider time, CancellationToken cancel)
    {
        using var recorder = RecorderProcess.Start(config, "--tape-only");
        var from = time.GetTimestamp();
        while (blaster.Subscribed < Connections)
        {
            if (recorder.HasExited || time.GetElapsedTime(from) > SubscribeWithin) throw new TapeException("The recorder did not subscribe.");
            await Task.Delay(SampleEvery, time, cancel);
        }

        await Task.Delay(Settle, time, cancel);
        var (recorderTime, senderTime, memory) = (recorder.ProcessorTime, Environment.CpuUsage.TotalTime, 0L);
        blaster.Begin();
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < plan.Length)
        {
            await Task.Delay(SampleEvery, time, cancel);
            memory = Math.Max(memory, recorder.MemoryBytes);
        }

        blaster.End();
        var seconds = time.GetElapsedTime(began).TotalSeconds;
        await Task.Delay(Settle, time, cancel);
        memory = Math.Max(memory, recorder.MemoryBytes);
        var measured = new Measured(blaster.Sent, seconds, memory, recorder.ProcessorTime - recorderTime, Environment.CpuUsage.TotalTime - senderTime);
        await recorder.StopAsync();
        return measured;
    }

    /// <summary>Data frames on the tape, and those declared dropped. The answer to the one request of each connection is no data.</summary>
    private static (long Stored, long Dropped) Count(string tapeFolder)
    {
        using var tape = TapeReader.Open(DiskFiles.Instance, tapeFolder, 0);
        var (stored, dropped) = (0L, 0L);
        while (tape.TryRead(out var record))
        {
            if (record.Kind == RecordKind.Frame && record.Payload.StartsWith("{\"stream\":"u8)) stored++;
            else if (record.Kind == RecordKind.Note && Note.Parse(record.Payload) is DroppedNote note) dropped += note.Frames;
        }

        return (stored, dropped);
    }

    private static string Show(Plan plan, Measured measured, long stored, long dropped) => JsonText.Object(json =>
    {
        json.WriteString("bench", "ingest");
        json.WriteNumber("rate_asked", plan.Rate);
        json.WriteNumber("frames_per_write", plan.PerWrite);
        json.WriteNumber("seconds", Math.Round(measured.Seconds, 3));
        json.WriteNumber("sent", measured.Sent);
        json.WriteNumber("stored", stored);
        json.WriteNumber("dropped", dropped);
        json.WriteNumber("frames_per_second", Math.Round(stored / measured.Seconds));
        json.WriteNumber("recorder_memory_max_mb", Math.Round(measured.MemoryMax / 1e6));
        json.WriteNumber("recorder_cores", Math.Round(measured.RecorderTime.TotalSeconds / measured.Seconds, 2));
        json.WriteNumber("sender_cores", Math.Round(measured.SenderTime.TotalSeconds / measured.Seconds, 2));
        json.WriteNumber("recorder_us_per_frame", stored == 0 ? 0 : Math.Round(measured.RecorderTime.TotalMicroseconds / stored, 3));
    }, indented: true);
}
