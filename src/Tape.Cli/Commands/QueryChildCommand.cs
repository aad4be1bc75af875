using System.CommandLine;
using System.Text.Json;
using Tape.Cli.Screens;
using Tape.Host;
using Tape.Host.Queries;
using Tape.Query.Engine;
using Tape.Query.Requests;

namespace Tape.Cli.Commands;

/// <summary>
/// <c>tape query-child</c>, not for people: reads one request line from standard input, answers it, and ends; also when that input ends before.
/// </summary>
internal static class QueryChildCommand
{
    public static Command Create()
    {
        var command = new Command("query-child", "Answers one query for 'tape query'.") { Hidden = true };
        command.SetAction(async (parse, cancel) =>
        {
            var line = await Console.In.ReadLineAsync(cancel)
                ?? throw new TapeException("found no request on standard input", "This command is for 'tape query'.");
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var watch = Task.Run(() => CancelAtEnd(gone), CancellationToken.None);
            using var output = Console.OpenStandardOutput();
            try
            {
                var request = Parse(line);
                MemoryLimit.Apply(request.MemoryBytes);
                Answer(request, output, gone.Token);
            }
            catch (OperationCanceledException)
            {
                return ExitCode.Cancelled; // The process that asked says so.
            }
            if (watch.IsFaulted) await watch;
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Answer(QueryRequest request, Stream output, CancellationToken gone)
    {
        var bar = request.Progress ? new ProgressLine(SafeConsole.Error) : null;
        try
        {
            QueryRun.Answer(request, Snapshots.Source, TimeProvider.System, output, Note, gone, bar is null ? null : bar.Draw);
        }
        finally
        {
            bar?.End();
        }

        void Note(string text)
        {
            bar?.End();
            Console.Error.WriteLine(text);
        }
    }

    private static QueryRequest Parse(string line)
    {
        try
        {
            return QueryRequest.Parse(line);
        }
        catch (JsonException fault)
        {
            throw new TapeException($"the request on standard input is not one: {fault.Message}", "This command is for 'tape query'.", fault);
        }
    }

    /// <summary>Standard input ends when the process that asked is gone; the answer is of no use then.</summary>
    private static async Task CancelAtEnd(CancellationTokenSource gone)
    {
        try
        {
            while (await Console.In.ReadLineAsync(gone.Token) is not null) { }
            await gone.CancelAsync();
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
        {
            return; // The answer was ready first.
        }
    }
}
