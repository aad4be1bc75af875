using System.Diagnostics;
using System.Text;
using Tape.Core.Errors;
using Tape.Host.Processes;
using Tape.Query.Engine;
using Tape.Query.Requests;

namespace Tape.Host.Queries;

/// <summary>
/// Starts this program again to answer one query, so that whatever a query does to its process is over with it. The child ends when we kill it, when its time
/// is over, and when its standard input ends because we are gone.
/// </summary>
public static class QueryChild
{
    /// <summary>Past the query's own time limit the child is killed.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private const int HeardMax = 8192;

    /// <summary>Asks a child and waits for its end.</summary>
    /// <param name="heard">Takes what the child says on its standard error, up to a limit, instead of ours; its standard output is then of no use.</param>
    /// <returns>Its exit status, one of <see cref="ExitCode"/>.</returns>
    /// <exception cref="TapeException">It did not end in time, or ended as no program should.</exception>
    public static async Task<int> AskAsync(QueryRequest request, StringBuilder? heard, CancellationToken cancel)
    {
        using var child = Process.Start(StartInfo(heard is not null)) ?? throw new TapeException("the process for the query did not start");
        var hearing = heard is null ? Task.CompletedTask
            : Task.WhenAll(HearAsync(child.StandardError, heard), HearAsync(child.StandardOutput, new StringBuilder()));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(request.TimeoutSeconds) + Grace);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            await child.StandardInput.WriteLineAsync(request.ToJson());
            await child.StandardInput.FlushAsync(cancel);
            await child.WaitForExitAsync(either.Token);
            await hearing;
            return child.ExitCode is ExitCode.Ok or ExitCode.Usage or ExitCode.Failed or ExitCode.Cancelled ? child.ExitCode : throw Died(child.ExitCode);
        }
        catch (IOException)
        {
            await child.WaitForExitAsync(either.Token);
            throw Died(child.ExitCode);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TapeException($"the query did not end within {request.TimeoutSeconds} s and was killed",
                "Ask for a shorter time with --from and --to, or raise --timeout.");
        }
        finally
        {
            if (!child.HasExited) await End(child);
        }
    }

    /// <summary>Kills the child and waits until it is gone with all that it had open: Windows deletes nothing before.</summary>
    private static async Task End(Process child)
    {
        child.Kill(entireProcessTree: true);
        using var limit = new CancellationTokenSource(Grace);
        await child.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static TapeException Died(int status) =>
        new($"the process of the query ended with status {status} and no answer",
        "It may have run out of memory: ask for less, or lower --limit-memory so that it spills to disk.");

    private static ProcessStartInfo StartInfo(bool isHeard)
    {
        var start = TapeProgram.Start();
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = start.RedirectStandardError = isHeard;
        start.ArgumentList.Add("query-child");
        return start;
    }

    /// <summary>Keeps the beginning and reads on to the end, so that the child never waits for us.</summary>
    private static async Task HearAsync(StreamReader output, StringBuilder heard)
    {
        var some = new char[1024];
        while (await output.ReadAsync(some) is > 0 and var count)
            heard.Append(some, 0, Math.Min(count, HeardMax - heard.Length));
    }
}
