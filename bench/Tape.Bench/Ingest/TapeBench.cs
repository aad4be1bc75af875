using System.CommandLine;
using System.Security.Cryptography;
using Tape.Host;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Tapes;

namespace Tape.Bench.Ingest;

/// <summary>
/// <c>tape-bench tape</c>: how many frames a second the tape makes durable with group commit, against plain buffered writes of the same frames to a file
/// that is synced once at its end, in the same run on the same disk.
/// </summary>
internal static class TapeBench
{
    private const int SampleEvery = 64;

    public static Command Create()
    {
        var folder = BenchFolder.Option();
        var seconds = new Option<double>("--seconds") { Description = "How long to append.", DefaultValueFactory = _ => 2 };
        var frameBytes = new Option<int>("--frame-bytes") { Description = "Bytes of a frame.", DefaultValueFactory = _ => 200 };
        var commitMs = new Option<double>("--commit-ms") { Description = "Milliseconds from one group commit to the next.", DefaultValueFactory = _ => 10 };
        var rate = new Option<long>("--rate")
        {
            Description = "Frames a second at most, to see latency below saturation; 0 appends as fast as it can.",
            DefaultValueFactory = _ => 0,
        };
        var command = new Command("tape", "Measure frames per second onto the tape, and the time until they are durable.")
        {
            folder,
            seconds,
            frameBytes,
            commitMs,
            rate,
        };
        command.SetAction((parse, cancel) => Task.Run(() =>
        {
            var plan = new Plan(parse.GetValue(seconds), parse.GetValue(frameBytes), parse.GetValue(commitMs), parse.GetValue(rate));
            using var place = BenchFolder.Create(parse.GetValue(folder));
            parse.InvocationConfiguration.Output.WriteLine(Run(place.Path, plan, TimeProvider.System, cancel));
            return ExitCode.Ok;
        }, cancel));
        return command;
    }

    internal sealed record Plan(double Seconds, int FrameBytes, double CommitMs, long Rate);

    private sealed record Measured(long Frames, double Seconds, long Commits, double StorageSeconds, double[] LatencyMs);

    private static string Run(string folder, Plan plan, TimeProvider time, CancellationToken cancel)
    {
        var frame = new byte[plan.FrameBytes];
        RandomNumberGenerator.Fill(frame);
        AppendAll(Path.Combine(folder, "warm"), plan with { Seconds = 0.2 }, frame, time, cancel);
        var tape = AppendAll(Path.Combine(folder, "tape"), plan, frame, time, cancel);
        var plainSeconds = WritePlain(Path.Combine(folder, "plain"), tape.Frames, frame, time, cancel);
        Array.Sort(tape.LatencyMs);
        double At(double part) => tape.LatencyMs.Length == 0 ? 0 : tape.LatencyMs[Math.Min((int)(part * tape.LatencyMs.Length), tape.LatencyMs.Length - 1)];
        return JsonText.Object(json =>
        {
            json.WriteNumber("frames", tape.Frames);
            json.WriteNumber("frame_bytes", plan.FrameBytes);
            json.WriteNumber("commit_ms", plan.CommitMs);
            json.WriteNumber("seconds", Math.Round(tape.Seconds, 3));
            json.WriteNumber("frames_per_second", Math.Round(tape.Frames / tape.Seconds));
            json.WriteNumber("megabytes_per_second", Math.Round(tape.Frames * (double)plan.FrameBytes / tape.Seconds / 1e6, 1));
            json.WriteNumber("commits", tape.Commits);
            json.WriteNumber("append_ns_per_frame", Math.Round((tape.Seconds - tape.StorageSeconds) * 1e9 / tape.Frames, 1));
            json.WriteNumber("storage_share", Math.Round(tape.StorageSeconds / tape.Seconds, 3));
            json.WriteNumber("plain_frames_per_second", Math.Round(tape.Frames / plainSeconds));
            json.WriteNumber("ratio_to_plain", Math.Round(plainSeconds / tape.Seconds, 3));
            json.WriteNumber("durable_ms_p50", Math.Round(At(0.5), 2));
            json.WriteNumber("durable_ms_p90", Math.Round(At(0.9), 2));
            json.WriteNumber("durable_ms_p99", Math.Round(At(0.99), 2));
            json.WriteNumber("durable_ms_p999", Math.Round(At(0.999), 2));
            json.WriteNumber("durable_ms_max", Math.Round(At(1), 2));
        }, indented: true);
    }

    /// <summary>Appends as the recorder's storage thread does: writes go on while the disk makes earlier ones durable.</summary>
    private static Measured AppendAll(string folder, Plan plan, byte[] frame, TimeProvider time, CancellationToken cancel)
    {
        using var writer = TapeWriter.Open(DiskFiles.Instance, folder, new TapeOptions(), time, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)),
            new OwnerInfo("tape-bench", Environment.ProcessId, UnixNanos.From(time.GetUtcNow())));
        using var disk = new TapeSyncThread(() => { });
        var run = new GroupCommit(writer, disk, time, plan);
        var (frames, start) = (0L, time.GetTimestamp());
        var end = start + (long)(plan.Seconds * time.TimestampFrequency);
        for (var now = start; now < end; now = time.GetTimestamp())
        {
            var allowed = plan.Rate == 0 ? long.MaxValue : (long)((now - start) / (double)time.TimestampFrequency * plan.Rate);
            if (frames < allowed)
            {
                run.Sample(now);
                for (var count = 0; count < SampleEvery; count++) writer.Append(RecordKind.Frame, 1 + (frames & 3), new UnixNanos(now + count), frame);
                frames += SampleEvery;
            }

            run.Advance(now);
            cancel.ThrowIfCancellationRequested();
        }

        run.Finish();
        return new(frames, time.GetElapsedTime(start).TotalSeconds, run.Commits, run.StorageSeconds, [.. run.LatencyMs]);
    }

    private static double WritePlain(string path, long frames, byte[] frame, TimeProvider time, CancellationToken cancel)
    {
        var start = time.GetTimestamp();
        using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1 << 20))
        {
            for (var count = 0L; count < frames; count++)
            {
                file.Write(frame);
                if ((count & 0xFFFF) == 0) cancel.ThrowIfCancellationRequested();
            }
            file.Flush(flushToDisk: true);
        }
        return time.GetElapsedTime(start).TotalSeconds;
    }
}
