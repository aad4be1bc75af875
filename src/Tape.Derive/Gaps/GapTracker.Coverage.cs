using Tape.Storage.Gaps;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;

namespace Tape.Derive.Gaps;

/// <summary>When a stream is known to be received.</summary>
public sealed partial class GapTracker
{
    /// <summary>Ticks farther apart count as this far: time without ticks is not silence.</summary>
    private const long TickStepMax = 5 * UnixNanos.PerSecond;

    /// <summary>So long after the first connection of a run, a stream that no connection carries is not wanted any more.</summary>
    private const long CarriedWithin = 60 * UnixNanos.PerSecond;

    private static readonly TimeSpan AcknowledgedWithin = TimeSpan.FromSeconds(60);

    /// <summary>Takes in a tick: silence shows, and gaps settle.</summary>
    protected internal override void Tick(in TapeRecord record)
    {
        if (!Begins(record)) return;
        var tick = Storage.Tapes.Notes.Tick.Read(record.Payload);
        if (_monotonic != Absent.Integer) _steady += Math.Clamp(tick.MonotonicNanos - _monotonic, 0, TickStepMax);
        (_monotonic, Now) = (tick.MonotonicNanos, record.Time.Value);
        foreach (var connection in _connections)
        {
            if (!connection.IsSilent && _steady - connection.LastSteady > connection.SilentAfter) Silence(connection);
            foreach (var carrier in connection.Carriers)
                if (carrier is { HasDelivered: true, IsQuiet: false, Stream.Pace: { } pace } && _steady - carrier.LastSteady > pace.SilentAfter)
                    Quiet(carrier);
        }

        foreach (var stream in _streams)
            if (stream.Gaps.Count > 0) Settle(stream, record.Seq);
        MarkUnsubscribed();
    }

    private void Silence(TrackedConnection connection)
    {
        connection.IsSilent = true;
        foreach (var carrier in connection.Carriers)
            if (carrier is { IsProven: true, IsQuiet: false })
                Lose(carrier.Stream, GapCause.VenueSilent, connection.LastAt, connection.Number, connection.LastSeq);
    }

    private void Quiet(StreamCarrier carrier)
    {
        carrier.IsQuiet = true;
        Lose(carrier.Stream, GapCause.VenueSilent, carrier.LastAt, carrier.Connection.Number, carrier.LastSeq);
    }

    /// <summary>Data comes again over a connection that was silent.</summary>
    private void Wake(TrackedConnection connection, in TapeRecord record)
    {
        connection.IsSilent = false;
        foreach (var carrier in connection.Carriers)
            if (carrier.IsLive && !carrier.Stream.Rule.HasProof) Cover(carrier, record.Time.Value, record, isProved: false);
    }

    /// <summary>
    /// The first data frame behind an acknowledgement: streams whose silence is normal are received from here on; others once they deliver in time.
    /// </summary>
    private void CoverAcknowledged(TrackedConnection connection, in TapeRecord record)
    {
        connection.HasNewAcks = false;
        foreach (var carrier in connection.Carriers)
        {
            if (carrier.AckedAt == Absent.Integer || carrier.CoveredFrom != Absent.Integer) continue;
            carrier.CoveredFrom = record.Time.Value;
            if (carrier.IsProven || carrier.Stream.Rule is { FirstDataWithin: not null } or { HasProof: true }) continue;
            (carrier.IsProven, carrier.IsQuiet) = (true, false);
            Cover(carrier, record.Time.Value, record, isProved: false);
        }
    }

    /// <summary>The first frame of a stream on a connection, or the first after it was late.</summary>
    private void Delivers(StreamCarrier carrier, in TapeRecord record)
    {
        var at = carrier.IsQuiet ? record.Time.Value : CoveredSince(carrier, record);
        carrier.HasDelivered = carrier.IsProven = true;
        carrier.IsQuiet = false;
        if (!carrier.Stream.Rule.HasProof) Cover(carrier, at, record, isProved: false);
    }

    private long CoveredSince(StreamCarrier carrier, in TapeRecord record)
    {
        var isInTime = carrier.CoveredFrom != Absent.Integer && _steady - carrier.AckedAt <= Nanos(carrier.Stream.Rule.FirstDataWithin ?? AcknowledgedWithin);
        return isInTime ? Math.Min(carrier.CoveredFrom, record.Time.Value) : record.Time.Value;
    }

    /// <summary>A stream is known to be received, since a time.</summary>
    /// <param name="isProved">Ids say what is missing from the time before, so that the time itself is no gap.</param>
    private void Cover(StreamCarrier carrier, long since, in TapeRecord record, bool isProved)
    {
        var stream = carrier.Stream;
        if (stream.Open is null && stream.BegunAt != Absent.Integer) return;
        var begins = since;
        if (stream.Open is { } open)
        {
            stream.Open = null;
            var isLate = !open.IsFirst || open.Cause == GapCause.Refused || _steady - open.Steady > Nanos(stream.Rule.FirstDataWithin ?? AcknowledgedWithin);
            if (isLate && since > open.From && (open.IsFirst || !isProved))
                Tell(open.Entry(stream.Number, open.Cause, since, record.Connection, record.Seq, record.Seq));
            if (isLate) begins = Math.Min(open.From, since);
        }

        if (stream.BegunAt != Absent.Integer) return;
        stream.BegunAt = begins;
        _news.Add(stream.Number);
    }

    /// <summary>A connection does not prove a stream any more; unless another one does, a gap opens.</summary>
    private static void Lose(TrackedStream stream, GapCause cause, long from, long connection, long seq, long steady)
    {
        if (stream.Open is not null || stream.BegunAt == Absent.Integer || stream.IsLive) return;
        stream.Open = new OpenGap(cause, from, connection, seq, steady, IsFirst: false);
    }

    private void Lose(TrackedStream stream, GapCause cause, long from, long connection, long seq) => Lose(stream, cause, from, connection, seq, _steady);

    private static long Nanos(TimeSpan span) => span.Ticks * 100;
}
