using System.CommandLine;
using Tape.Cli.Decode;
using Tape.Cli.Options;
using Tape.Cli.Screens;
using Tape.Host;
using Tape.Venues;
using Tape.Venues.Contract;

namespace Tape.Cli.Commands;

/// <summary><c>tape decode</c>: frames on standard input, one a line; events on standard output, one a line; undecodable frames on standard error.</summary>
internal static class DecodeCommand
{
    public static Command Create()
    {
        var venue = VenueOption.Create();
        var ns = new Option<string>("--ns")
        {
            HelpName = "form",
            Description = "Nanoseconds, and ids beyond 2^53, as number or as string; JavaScript rounds such numbers.",
            DefaultValueFactory = _ => "number",
        };
        ns.AcceptOnlyFromAmong("number", "string");
        var command = new Command("decode", "Decode frames from standard input, one a line, into events as JSON lines.") { venue, ns }
            .WithDetails("A frame that can't be decoded gives 'frame N: reason' on standard error, counted from 0; the last line there is a summary. "
                + "Exit status 0.");
        command.SetAction((parse, cancel) => UntilCancelledAsync(
            Task.Run(() => Run(parse.GetRequiredValue(venue), parse.GetValue(ns) == "string", cancel), CancellationToken.None), cancel));
        return command;
    }

    /// <summary>Waits for the work, but not for input that may never come once Ctrl-C was pressed.</summary>
    private static async Task<int> UntilCancelledAsync(Task<int> work, CancellationToken cancel)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = cancel.Register(cancelled.SetResult);
        return await Task.WhenAny(work, cancelled.Task) == work ? await work : ExitCode.Cancelled;
    }

    private static int Run(string venueName, bool areTexts, CancellationToken cancel)
    {
        var venue = VenueCatalog.Find(venueName)!;
        using var input = Console.OpenStandardInput();
        using var output = PipeOutput.Open();
        using var lines = new EventLines(output, venue.Name, areTexts);
        using var unsafely = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 14)
        {
            NewLine = "\n",
        };
        using var errors = new SafeWriter(unsafely);
        try
        {
            var counts = DecodeAll(new LineFrames(input), venue.CreateDecoder(), lines, errors, cancel);
            lines.Flush();
            errors.WriteLine(counts);
            return cancel.IsCancellationRequested ? ExitCode.Cancelled : ExitCode.Ok;
        }
        catch (IOException fault) when (IsClosedPipe(fault))
        {
            // The reader of our lines has gone: there is no place left to report to.
            return ExitCode.Ok;
        }
    }

    private static string DecodeAll(LineFrames frames, FrameDecoder decoder, EventLines lines, TextWriter errors, CancellationToken cancel)
    {
        var events = new EventBuffer();
        long frame = 0, eventCount = 0, undecodable = 0;
        for (; !cancel.IsCancellationRequested && frames.TryRead(out var line); frame++)
        {
            if (line.IsEmpty && !frames.IsTooLong) continue;
            if (!frames.IsTooLong && decoder.Decode(line, events) != FrameOutcome.Undecodable)
            {
                eventCount += events.Count;
                lines.Write(frame, events);
                continue;
            }

            undecodable++;
            errors.WriteLine(frames.IsTooLong ? $"frame {frame}: longer than {LineFrames.LineBytesMax} bytes" : $"frame {frame}: {decoder.Fault}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"decoded {frame} frames: {eventCount} events, {undecodable} undecodable");
    }

    /// <summary>EPIPE on Unix; ERROR_BROKEN_PIPE and ERROR_NO_DATA on Windows.</summary>
    private static bool IsClosedPipe(IOException fault)
        => (fault.HResult & 0xFFFF) is 32 or 109 or 232 || fault.HResult == 32;
}
