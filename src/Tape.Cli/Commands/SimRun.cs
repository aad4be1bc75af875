using System.Text.Json;
using Tape.Cli.Screens;
using Tape.Host;
using Tape.Simulator.Journal;
using Tape.Simulator.Serving;

namespace Tape.Cli.Commands;

/// <summary>A simulator's run in a terminal or a script.</summary>
/// <param name="JournalFile">Where to write what was sent; null for nowhere.</param>
/// <param name="Limit">When to stop; null for Ctrl-C.</param>
/// <param name="IsJson">Whether to report as JSON lines.</param>
internal sealed record SimRun(FileInfo? JournalFile, TimeSpan? Limit, bool IsJson)
{
    /// <summary>Serves until cancelled, failed or out of time, and reports meanwhile.</summary>
    /// <param name="start">Starts the simulator with a journal.</param>
    /// <param name="cancel">Ctrl-C.</param>
    public async Task<int> ServeAsync(Func<SimulatorJournal, Task<VenueSimulator>> start, CancellationToken cancel)
    {
        var time = TimeProvider.System;
        using var journal = JournalFile is null ? SimulatorJournal.CountsOnly() : SimulatorJournal.ToStream(OpenJournal(JournalFile));
        await using var simulator = await start(journal);
        using var ends = Limit is { } span ? new CancellationTokenSource(span, time) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, ends.Token);
        Announce(simulator);
        await ReportAsync(simulator, time, either.Token);
        if (!IsJson) Console.WriteLine();
        if (simulator.Completion.IsFaulted) await simulator.Completion;
        Console.WriteLine(IsJson ? Line("simulator_stop", simulator, 0) : "stopped");
        return ExitCode.Ok;
    }

    /// <summary>Reports each second on a terminal, each ten seconds elsewhere, until cancelled or failed.</summary>
    private async Task ReportAsync(VenueSimulator simulator, TimeProvider time, CancellationToken cancel)
    {
        var every = TimeSpan.FromSeconds(IsJson ? 10 : 1);
        using var timer = new PeriodicTimer(every, time);
        var before = simulator.Status.FramesSent;
        try
        {
            while (!simulator.Completion.IsCompleted && await timer.WaitForNextTickAsync(cancel))
            {
                var sent = simulator.Status.FramesSent;
                var perSecond = (sent - before) / every.TotalSeconds;
                before = sent;
                if (IsJson) Console.WriteLine(Line("heartbeat", simulator, perSecond));
                else SafeConsole.Output.Write($"\r{simulator.Status.Connections} connections, {perSecond:N0} frames/s, {sent:N0} sent, "
                    + $"{simulator.Status.FramesSkipped:N0} taken away by faults   ");
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Ctrl-C and --duration are the ways to end it.
        }
    }

    private void Announce(VenueSimulator simulator)
    {
        if (IsJson) Console.WriteLine(Line("simulator_start", simulator, 0));
        else Console.WriteLine(
            $"WebSocket {simulator.Endpoint.ToString().TrimEnd('/')}  REST {simulator.RestEndpoint.ToString().TrimEnd('/')}  (Ctrl-C stops)");
    }

    private static string Line(string name, VenueSimulator simulator, double perSecond)
    {
        var status = simulator.Status;
        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["event"] = name,
            ["endpoint"] = simulator.Endpoint.ToString().TrimEnd('/'),
            ["rest"] = simulator.RestEndpoint.ToString().TrimEnd('/'),
            ["connections"] = status.Connections,
            ["frames_per_second"] = Math.Round(perSecond),
            ["frames_sent"] = status.FramesSent,
            ["bytes_sent"] = status.BytesSent,
            ["frames_skipped"] = status.FramesSkipped,
            ["frames_late"] = status.FramesLate,
        });
    }

    private static FileStream OpenJournal(FileInfo file)
    {
        try
        {
            return new FileStream(file.FullName, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TapeException($"--journal {file.FullName}: can't be written: {fault.Message}",
                "Give a file in a folder that is there and that you may write to.", fault);
        }
    }
}
