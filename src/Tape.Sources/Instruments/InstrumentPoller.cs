using Tape.Core.Work;

namespace Tape.Sources.Instruments;

/// <summary>
/// Asks for a venue's list of instruments every <see cref="Every"/>, sooner after a failure; both times vary by a tenth, so that many recorders do not ask in
/// step.
/// </summary>
public sealed class InstrumentPoller(InstrumentSource source, TimeProvider time, Random chance)
{
    /// <summary>Between two lists: a new listing is noticed within this time.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>After a failure, and not before the venue lets us.</summary>
    public static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(5);

    /// <summary>Runs until cancelled.</summary>
    /// <param name="known">The list that its owner has already; null takes the last one of the answers log.</param>
    /// <param name="wait">Before the first question.</param>
    /// <param name="listed">Called for each list, with what is new since the one before; null when there was none before.</param>
    /// <param name="failed">Called for each failure, with the reason and what to do.</param>
    public Task RunAsync(InstrumentListing? known, TimeSpan wait, Action<InstrumentListing, InstrumentChanges?> listed, Action<string, string?> failed,
        CancellationToken stop) => Loop.UntilStoppedAsync(async () =>
    {
        if (wait > TimeSpan.Zero) await Task.Delay(wait * (0.9 + 0.2 * chance.NextDouble()), time, stop);
        (known, wait) = await AskAsync(known, listed, failed, stop);
    }, stop);

    private async Task<(InstrumentListing? Known, TimeSpan Wait)> AskAsync(InstrumentListing? known, Action<InstrumentListing, InstrumentChanges?> listed,
        Action<string, string?> failed, CancellationToken stop)
    {
        try
        {
            known ??= source.Stored();
            var (listing, failure) = await source.FetchAsync(stop);
            if (listing is null)
            {
                failed(failure!.Message, failure.Hint);
                var blocked = failure.NotBefore is { } until ? until.ToDateTimeOffset() - time.GetUtcNow() : TimeSpan.Zero;
                return (known, blocked > AfterFailure ? blocked * 1.12 : AfterFailure);
            }

            listed(listing, known is null ? null : InstrumentChanges.Between(known.Instruments, listing.Instruments));
            return (listing, Every);
        }
        catch (Exception fault) when (fault is TapeException or IOException or UnauthorizedAccessException)
        {
            failed(fault.Message, (fault as TapeException)?.Hint);
            return (known, AfterFailure);
        }
    }
}
