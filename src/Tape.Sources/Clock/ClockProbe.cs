using Tape.Sources.Rest;
using Tape.Venues.Rest;

namespace Tape.Sources.Clock;

/// <summary>
/// Compares our wall clock with a venue's: asks for its time several times and believes the answer with the shortest round trip, as in it the moment at which
/// the venue looked at its clock is known best. That moment is taken to be in the middle of the round trip, and the venue's time in the middle of its step.
/// </summary>
public sealed class ClockProbe(string venue, IVenueRest rest, RestEngine engine, TimeProvider time)
{
    /// <summary>Times that the venue is asked for one measurement.</summary>
    public const int Samples = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Measures once.</summary>
    /// <returns>The offset; or why there is none, when no sample succeeded.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<(ClockOffset? Offset, RestFailure? Failure)> MeasureAsync(CancellationToken cancel)
    {
        ClockOffset? best = null;
        for (var sample = 0; sample < Samples; sample++)
        {
            if (sample > 0) await Task.Delay(Pause, time, cancel);
            var outcome = await engine.SendAsync(rest.ServerTime, Fault, cancel);
            if (outcome.Answer is not { } answer) return best is null ? (null, outcome.Failure) : (best, null);
            var offset = Offset(answer);
            if (best is null || offset.UncertaintyNanos < best.UncertaintyNanos) best = offset;
        }

        return (best, null);
    }

    private ClockOffset Offset(RestAnswer answer)
    {
        var server = rest.ReadServerTime(answer.Body, out _);
        var (roundTrip, step) = (answer.RoundTrip.Ticks * 100, rest.ServerTimeStep.Ticks * 100);
        var middle = answer.SentAt.Value + roundTrip / 2;
        return new ClockOffset(venue, answer.SentAt, middle - (server.Value + step / 2), roundTrip / 2 + step / 2);
    }

    private string? Fault(ReadOnlyMemory<byte> body)
    {
        rest.ReadServerTime(body, out var fault);
        return fault;
    }
}
