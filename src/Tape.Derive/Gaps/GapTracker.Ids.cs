using Tape.Storage.Gaps;
using Tape.Storage.Tapes;
using Tape.Venues.Sequences;

namespace Tape.Derive.Gaps;

/// <summary>What ids prove.</summary>
public sealed partial class GapTracker
{
    /// <summary>The update id with which a venue begins after its service was started again.</summary>
    private const long NewNumbers = 1;

    /// <summary>No venue gives a stream so many ids a second: more means that it numbers anew.</summary>
    private const long IdsPerSecondMax = 10_000;

    /// <summary>A lower id of an event that is so much later means that the venue numbers anew; a late copy is of an earlier event.</summary>
    private const long AnewAfterNanos = UnixNanos.PerSecond;

    private void TakeIds(StreamCarrier carrier, in TapeRecord record, EventBuffer events)
    {
        var (stream, kind) = (carrier.Stream, carrier.Stream.Rule.Kind);
        var count = IdSpan.Count(kind, events);
        var isProved = false;
        for (var index = 0; index < count; index++)
        {
            if (!IdSpan.TryRead(kind, events, index, out var span)) continue;
            if (kind == SequenceKind.RisingQuotes) TakeQuote(carrier, span.Last, record);
            else isProved = TakeSpan(carrier, span, record);
        }

        if (count > 0 && stream.Rule.HasProof && (stream.Open is not null || stream.BegunAt == Absent.Integer))
            Cover(carrier, CoveredSince(carrier, record), record, isProved);
    }

    /// <returns>Whether it is known now what is missing before it.</returns>
    private bool TakeSpan(StreamCarrier carrier, in IdSpan span, in TapeRecord record)
    {
        var stream = carrier.Stream;
        var isProved = true;
        if (span.IsSnapshot)
        {
            isProved = TakeSnapshot(carrier, span.Last, record);
        }
        else if (stream.HighId == Absent.Integer || span.First == Saturating.Add(stream.HighId, 1))
        {
            if (span.Last < stream.HighId) stream.Resets++;
            Raise(stream, span, record);
        }
        else if (span.First > Saturating.Add(stream.HighId, 1))
        {
            LeaveOut(carrier, Saturating.Add(stream.HighId, 1), Saturating.Subtract(span.First, 1), record);
            Raise(stream, span, record);
        }
        else if (span.Last > stream.HighId)
        {
            Fill(stream, span, record.Seq);
            Raise(stream, span, record);
        }
        else if (IsNumberedAnew(stream, span))
        {
            isProved = TakeNewNumbers(carrier, span, record);
        }
        else
        {
            TakeLate(carrier, span, record.Seq);
        }

        carrier.LastId = span.IsSnapshot ? span.Last : Math.Max(carrier.LastId, span.Last);
        return isProved;
    }

    /// <summary>
    /// A full snapshot: on a new connection it tells how far the venue has come; in the middle of one the venue begins anew, and what it left out on purpose is
    /// no gap.
    /// </summary>
    private bool TakeSnapshot(StreamCarrier carrier, long id, in TapeRecord record)
    {
        var stream = carrier.Stream;
        if (stream.HighId == Absent.Integer)
        {
            Raise(stream, id, record);
            return true;
        }

        return carrier.LastId == Absent.Integer ? TakeFirstSnapshot(carrier, id, record) : TakeLaterSnapshot(carrier, id, record);
    }

    private bool TakeFirstSnapshot(StreamCarrier carrier, long id, in TapeRecord record)
    {
        var stream = carrier.Stream;
        if (id == stream.HighId) return true;
        if (id < stream.HighId && HasOtherLive(carrier))
        {
            stream.Overlaps++;
            return true;
        }

        // The venue numbers anew: ids can't tell how much went by unheard.
        var isNew = id < stream.HighId || IsBeyondPace(stream, id, record);
        if (isNew) stream.Resets++;
        else LeaveOut(carrier, Saturating.Add(stream.HighId, 1), id, record);
        Raise(stream, id, record);
        return !isNew;
    }

    private bool TakeLaterSnapshot(StreamCarrier carrier, long id, in TapeRecord record)
    {
        var stream = carrier.Stream;
        if (id == carrier.LastId)
        {
            stream.Duplicates++;
            return true;
        }

        stream.Resets++;
        var cause = CauseWithin(carrier);
        if (cause != GapCause.VenueSkipped && id > stream.HighId && !IsBeyondPace(stream, id, record))
            LeaveOut(carrier, Saturating.Add(stream.HighId, 1), id, record);
        else if (cause != GapCause.VenueSkipped)
            TellUncounted(carrier, cause, record);
        if (id > stream.HighId || !HasOtherLive(carrier)) Raise(stream, id, record);
        return true;
    }

    /// <summary>Quotes in the order of their ids: what does not rise came before, from here or over another connection.</summary>
    private void TakeQuote(StreamCarrier carrier, long id, in TapeRecord record)
    {
        var stream = carrier.Stream;
        if (id > stream.HighId)
        {
            Raise(stream, id, record);
        }
        else if (id == NewNumbers && carrier.LastId > id)
        {
            stream.Resets++;
            Raise(stream, id, record);
            carrier.LastId = id;
        }
        else if (carrier.LastId == Absent.Integer && stream.Carriers.Count == 1 && id < stream.HighId)
        {
            Raise(stream, id, record);
        }
        else
        {
            if (id > carrier.LastId) stream.Overlaps++;
            else if (id == carrier.LastId) stream.Duplicates++;
            else stream.Reorders++;
        }

        carrier.LastId = Math.Max(carrier.LastId, id);
    }

    private void TakeLate(StreamCarrier carrier, in IdSpan span, long seq)
    {
        // An empty span is a sign of life.
        if (span.First > span.Last) return;
        var stream = carrier.Stream;
        var isOwn = span.Last <= carrier.LastId;
        if (Fill(stream, span, seq)) stream.Reorders += isOwn ? 1 : 0;
        else if (isOwn) stream.Duplicates++;
        else stream.Overlaps++;
    }

    /// <summary>A trade that is later than the newest one and has a lower id that was not left out before.</summary>
    private static bool IsNumberedAnew(TrackedStream stream, in IdSpan span) =>
        span.EventTime != Absent.Integer && stream.HighEventAt != Absent.Integer && span.First <= span.Last
            && Saturating.Subtract(span.EventTime, stream.HighEventAt) > AnewAfterNanos;

    /// <summary>
    /// Trade ids begin again: how much went by unheard is not known. On a connection that stands it is a gap of its own; else the gap that is open stays one.
    /// </summary>
    /// <returns>Whether it is known now what is missing before it.</returns>
    private bool TakeNewNumbers(StreamCarrier carrier, in IdSpan span, in TapeRecord record)
    {
        var stream = carrier.Stream;
        stream.Resets++;
        foreach (var gap in stream.Gaps)
            if (gap.Whole is null) Tell(gap.Entry(stream.Number, stream.Rule.Counts, repaired: false, record.Seq));
        stream.Gaps.Clear();
        if (stream.Open is null && carrier.LastId != Absent.Integer) TellUncounted(carrier, CauseWithin(carrier), record);
        Raise(stream, span, record);
        // What this connection says from now on is numbered anew, too.
        carrier.LastId = Absent.Integer;
        return false;
    }

    /// <summary>A snapshot whose number is further ahead than any venue counts in the time that passed.</summary>
    private static bool IsBeyondPace(TrackedStream stream, long id, in TapeRecord record) =>
        stream.Rule.Counts && Saturating.Subtract(id, stream.HighId) / IdsPerSecondMax
            > Math.Max(0, Saturating.Subtract(record.Time.Value, stream.HighAt)) / UnixNanos.PerSecond + 1;

    private void TellUncounted(StreamCarrier carrier, GapCause cause, in TapeRecord record) =>
        Tell(new(carrier.Stream.Number, cause, carrier.LastAt, record.Time.Value, Absent.Integer, Absent.Integer, Absent.Integer, false, record.Connection,
            record.Connection, carrier.LastSeq, record.Seq, record.Seq));

    private static void Raise(TrackedStream stream, in IdSpan span, in TapeRecord record)
    {
        Raise(stream, span.Last, record);
        if (span.EventTime != Absent.Integer) stream.HighEventAt = span.EventTime;
    }

    private static void Raise(TrackedStream stream, long id, in TapeRecord record) =>
        (stream.HighId, stream.HighAt, stream.HighSeq, stream.HighConnection) = (id, record.Time.Value, record.Seq, record.Connection);

    /// <summary>
    /// Ids were passed over. Within a connection only a drop of ours or a damaged frame excuses the venue; before the first id of a connection, what ended the
    /// one before.
    /// </summary>
    private void LeaveOut(StreamCarrier carrier, long low, long high, in TapeRecord record)
    {
        var stream = carrier.Stream;
        var at = record.Time.Value;
        if (carrier.LastId != Absent.Integer)
        {
            Hold(stream, new(low, high, null, CauseWithin(carrier), carrier.LastAt, at, record.Connection, record.Connection, carrier.LastSeq, record.Seq,
                _steady), record.Seq);
            return;
        }

        var from = stream.Open is { } open ? Math.Max(stream.HighAt, open.From) : stream.HighAt;
        var cause = stream.Open?.Cause ?? (stream.Carriers.Exists(other => other.HasDrops) ? GapCause.DroppedHere : GapCause.VenueSkipped);
        Hold(stream, new(low, high, null, cause, from, Math.Max(from, CoveredSince(carrier, record)), stream.HighConnection, record.Connection, stream.HighSeq,
            record.Seq, _steady), record.Seq);
    }

    private static GapCause CauseWithin(StreamCarrier carrier) =>
        carrier.HasDrops || carrier.Connection.DropSeq > carrier.LastSeq
            ? GapCause.DroppedHere : IsDamaged(carrier) ? GapCause.Undecodable : GapCause.VenueSkipped;

    private static bool IsDamaged(StreamCarrier carrier) => carrier.HasDamage || carrier.Connection.DamageSeq > carrier.LastSeq;

    private void Hold(TrackedStream stream, IdGap gap, long seq)
    {
        stream.Gaps.Add(gap);
        if (stream.Gaps.Count > GapsMax) GiveUpOldest(stream, seq);
    }

    private void GiveUpOldest(TrackedStream stream, long seq)
    {
        if (stream.Gaps[0].Whole is null) Tell(stream.Gaps[0].Entry(stream.Number, stream.Rule.Counts, repaired: false, seq));
        stream.Gaps.RemoveAt(0);
    }

    /// <summary>Ids came after all.</summary>
    /// <returns>Whether they had been missing.</returns>
    private bool Fill(TrackedStream stream, in IdSpan span, long seq)
    {
        var isFilled = false;
        for (var index = 0; index < stream.Gaps.Count; index++)
        {
            var gap = stream.Gaps[index];
            if (!gap.Meets(span.First, span.Last)) continue;
            var left = gap.Without(span.First, span.Last).ToList();
            isFilled = true;
            stream.Gaps.RemoveAt(index);
            stream.Gaps.InsertRange(index, left);
            if (left.Count == 0 && gap.Whole is { } whole && !stream.Gaps.Exists(other => other.Whole == whole && other.SeqAfter == gap.SeqAfter))
                Tell(gap.Entry(stream.Number, stream.Rule.Counts, repaired: true, seq));
            index += left.Count - 1;
        }

        while (stream.Gaps.Count > GapsMax) GiveUpOldest(stream, seq);
        return isFilled;
    }

    /// <summary>Reports the gaps that nothing filled in time.</summary>
    private void Settle(TrackedStream stream, long seq)
    {
        for (var index = stream.Gaps.Count - 1; index >= 0; index--)
            if (stream.Gaps[index] is { Whole: not null } told && _steady - told.Steady > Nanos(RepairsWithin)) stream.Gaps.RemoveAt(index);
        for (var index = 0; index < stream.Gaps.Count; index++)
        {
            if (stream.Gaps[index] is not { Whole: null } gap || _steady - gap.Steady < Nanos(SettlesAfter)) continue;
            Tell(gap.Entry(stream.Number, stream.Rule.Counts, repaired: false, seq));
            stream.Gaps[index] = gap with { Whole = new IdGap.Told(gap.Low, gap.High) };
        }
    }
}
