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
        using var child = ChildProcess.StartTape(["query-child"], heard is null ? null : ChildOutput.Dropped,
            heard is null ? null : ChildOutput.Beginning(heard, HeardMax));
        var within = TimeSpan.FromSeconds(request.TimeoutSeconds) + Grace;
        return await child.AskAsync(request.ToJson(), isAll: false, within, TimeProvider.System, cancel) switch
        {
            ExitCode.Ok or ExitCode.Usage or ExitCode.Failed or ExitCode.Cancelled => child.ExitCode,
            null => throw new TapeException($"the query did not end within {request.TimeoutSeconds} s and was killed",
                "Ask for a shorter time with --from and --to, or raise --timeout."),
            { } status => throw new TapeException($"the process of the query ended with status {status} and no answer",
                "It may have run out of memory: ask for less, or lower --limit-memory so that it spills to disk."),
        };
    }
}
