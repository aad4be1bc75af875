using Tape.Core.Errors;
using Tape.Core.Files;
using Tape.Storage.Seals;

namespace Tape.Derive.Sealing;

/// <summary>Where compaction leaves a folded day for the sealer of the same process, which owns the seal log. Holds one at a time. Thread-safe.</summary>
public sealed class MergeRequests
{
    private readonly Lock _gate = new();
    private (DayMerge Fold, TaskCompletionSource<MergeReport?> Answer)? _waiting;

    /// <summary>Asks the sealer to put a folded day in its place, between two seals.</summary>
    /// <param name="cancel">Takes the request back while no sealer is at it.</param>
    /// <returns>As <see cref="DayMerging.Commit"/>; whatever that throws.</returns>
    /// <exception cref="InvalidOperationException">Another one waits.</exception>
    public async Task<MergeReport?> AskAsync(DayMerge fold, CancellationToken cancel)
    {
        var answer = new TaskCompletionSource<MergeReport?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_waiting is not null) throw new InvalidOperationException("a folded day waits already; ask for one at a time");
            _waiting = (fold, answer);
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

    /// <summary>Does what is asked, if anything is; what goes wrong is told to both sides.</summary>
    /// <exception cref="TapeException">Writing failed: the log is broken until it is opened again.</exception>
    internal void Serve(IFiles files, string vault, SealLog log)
    {
        (DayMerge Fold, TaskCompletionSource<MergeReport?> Answer) request;
        lock (_gate)
        {
            if (_waiting is not { } waiting) return;
            (request, _waiting) = (waiting, null);
        }

        try
        {
            request.Answer.TrySetResult(DayMerging.Commit(files, vault, log, request.Fold));
        }
        catch (Exception fault)
        {
            request.Answer.TrySetException(fault);
            throw;
        }
    }
}
