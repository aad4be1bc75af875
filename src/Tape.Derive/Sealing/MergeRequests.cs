using Tape.Storage.Seals;

namespace Tape.Derive.Sealing;

/// <summary>Where compaction leaves a merged day for the sealer of the same process, which owns the seal log. Holds one at a time. Thread-safe.</summary>
public sealed class MergeRequests
{
    private readonly Lock _gate = new();
    private (DayMerge Merge, TaskCompletionSource<MergeReport?> Answer)? _waiting;

    /// <summary>Asks the sealer to put a merged day in its place, between two seals.</summary>
    /// <param name="cancel">Takes the request back while no sealer is at it.</param>
    /// <returns>As <see cref="DayMerging.Commit"/>; whatever that throws.</returns>
    /// <exception cref="InvalidOperationException">Another one waits.</exception>
    public async Task<MergeReport?> AskAsync(DayMerge merge, CancellationToken cancel)
    {
        var answer = new TaskCompletionSource<MergeReport?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_waiting is not null) throw new InvalidOperationException("a merged day waits already; ask for one at a time");
            _waiting = (merge, answer);
        }

        await using var registration = cancel.Register(() =>
        {
            lock (_gate)
            {
                if (_waiting?.Answer != answer) return;
                _waiting = null;
            }

            answer.TrySetCanceled(cancel);
        });
        return await answer.Task.ConfigureAwait(false);
    }

    /// <summary>Does what was asked, if anything was; both sides see what goes wrong.</summary>
    /// <exception cref="TapeException">Writing failed: the log is broken until it is opened again.</exception>
    internal void Serve(IFiles files, string vault, SealLog log)
    {
        (DayMerge Merge, TaskCompletionSource<MergeReport?> Answer) request;
        lock (_gate)
        {
            if (_waiting is not { } waiting) return;
            (request, _waiting) = (waiting, null);
        }

        try
        {
            request.Answer.TrySetResult(DayMerging.Commit(files, vault, log, request.Merge));
        }
        catch (Exception fault)
        {
            request.Answer.TrySetException(fault);
            throw;
        }
    }
}
