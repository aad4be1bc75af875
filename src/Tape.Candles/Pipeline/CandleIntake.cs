using Tape.Candles.Closing;
using Tape.Candles.Files;
using Tape.Core.Candles;

namespace Tape.Candles.Pipeline;

/// <summary>
/// Where backfill and import leave candles for the pipeline of the same process, which owns the day files. Holds one batch at a time. Thread-safe.
/// </summary>
public sealed class CandleIntake
{
    private readonly Lock _gate = new();
    private Batch? _waiting;

    /// <summary>Has candles put into the day files by the rules of <see cref="CandleStore"/>.</summary>
    /// <param name="candles">Of any source, in any order.</param>
    /// <param name="proven">Minutes that are proven to have had no trade.</param>
    /// <param name="cancel">Takes the batch back while the pipeline is not at it.</param>
    /// <returns>What became of them, once it is durable. Days that failed are the caller's to try again; findings are in <c>quality/</c> already.</returns>
    /// <exception cref="InvalidOperationException">Another batch waits.</exception>
    /// <exception cref="TapeException">What was found could not be written.</exception>
    public async Task<CandleStoreReport> StoreAsync(IReadOnlyList<StoredCandle> candles, IReadOnlyList<EmptyMinute> proven, CancellationToken cancel)
    {
        var batch = new Batch(candles, proven, new TaskCompletionSource<CandleStoreReport>(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            if (_waiting is not null) throw new InvalidOperationException("a batch of candles waits already; bring one at a time");
            _waiting = batch;
        }

        await using var registration = cancel.Register(() =>
        {
            lock (_gate)
            {
                if (_waiting != batch) return;
                _waiting = null;
            }

            batch.Answer.TrySetCanceled(cancel);
        });
        return await batch.Answer.Task.ConfigureAwait(false);
    }

    /// <summary>Does what waits, if anything does. What goes wrong is the asker's to see.</summary>
    /// <param name="append">Writes findings; durable when it returns.</param>
    /// <returns>What became of it; null when nothing waited or it failed.</returns>
    internal CandleStoreReport? Serve(CandleStore store, Action<IReadOnlyList<CandleFinding>> append)
    {
        Batch batch;
        lock (_gate)
        {
            if (_waiting is not { } waiting) return null;
            (batch, _waiting) = (waiting, null);
        }

        try
        {
            var report = store.Apply(batch.Candles, batch.Proven);
            append(report.Findings);
            batch.Answer.TrySetResult(report);
            return report;
        }
        catch (Exception fault) when (fault is TapeException or IOException or UnauthorizedAccessException)
        {
            batch.Answer.TrySetException(fault);
            return null;
        }
        catch (Exception fault)
        {
            batch.Answer.TrySetException(fault);
            throw;
        }
    }

    private sealed record Batch(IReadOnlyList<StoredCandle> Candles, IReadOnlyList<EmptyMinute> Proven, TaskCompletionSource<CandleStoreReport> Answer);
}
