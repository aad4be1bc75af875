using Tape.Collect.Health;
using Tape.Collect.Queue;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;

namespace Tape.Collect.Storing;

/// <summary>
/// Records on their way to the tape, in order: notes of the storage thread's own, then one take of the queue. It knows which of them were given to the
/// writer, and finds out from the tape which of them a writer that broke has stored. Used again and again; not thread-safe.
/// </summary>
internal sealed class StorageBatch
{
    private readonly List<OwnRecord> _own = [];
    private readonly List<QueueChunk> _chunks = [];
    private long _bytes;
    private long _appended;

    /// <summary>A record that the storage thread itself writes.</summary>
    public readonly record struct OwnRecord(RecordKind Kind, long Connection, UnixNanos Time, byte[] Payload);

    /// <summary>The tape holds nothing of the batch below this number.</summary>
    public long FromSeq { get; private set; }

    /// <summary>Once written, the number after its last record; else <see cref="long.MaxValue"/>.</summary>
    public long ToSeqExcl { get; private set; }

    /// <summary>Whether all of it is written to the tape's file.</summary>
    public bool IsWritten => ToSeqExcl != long.MaxValue;

    /// <summary>Takes what there is.</summary>
    /// <param name="own">Moved into the batch; they go first.</param>
    /// <param name="fromSeq">See <see cref="FromSeq"/>.</param>
    /// <returns>Whether there was anything.</returns>
    public bool TryBegin(List<OwnRecord> own, FrameQueue queue, long fromSeq)
    {
        _own.AddRange(own);
        own.Clear();
        _bytes = queue.Take(_chunks);
        (FromSeq, ToSeqExcl, _appended) = (fromSeq, long.MaxValue, 0);
        return _own.Count > 0 || _chunks.Count > 0;
    }

    /// <summary>Gives the writer what it was not given yet, and lets it write. What a full disk refuses stays for the next call.</summary>
    /// <exception cref="DiskFullException">Some of it still waits.</exception>
    /// <exception cref="WriterBrokenException">See <see cref="TapeWriter.Write"/>.</exception>
    public void WriteTo(TapeWriter writer)
    {
        var skip = _appended;
        foreach (var own in _own) Append(writer, own.Kind, own.Connection, own.Time, own.Payload, ref skip);
        foreach (var chunk in _chunks)
        {
            var reader = chunk.Read();
            while (reader.TryRead(out var record)) Append(writer, record.Kind, record.Connection, record.Time, record.Payload, ref skip);
        }

        writer.Write();
        ToSeqExcl = writer.NextSeq;
    }

    /// <summary>
    /// After a writer broke and recovery has run: looks which records of the batch the tape holds, so that the others are written again.
    /// What is found is compared, not counted, because notes about the trouble itself may stand between.
    /// </summary>
    /// <param name="tape">Stands at or before the first record of the batch; stands behind the last one found afterwards.</param>
    /// <returns>Whether all of it is there.</returns>
    /// <exception cref="DamagedException">The tape holds something else where the batch should be.</exception>
    public bool LookUpStored(TapeReader tape)
    {
        (_appended, ToSeqExcl) = (0, long.MaxValue);
        foreach (var own in _own)
        {
            if (!IsNext(tape, new TapeRecord(-1, own.Kind, own.Connection, own.Time, own.Payload))) return false;
            _appended++;
        }

        foreach (var chunk in _chunks)
        {
            var reader = chunk.Read();
            while (reader.TryRead(out var record))
            {
                if (!IsNext(tape, record)) return false;
                _appended++;
            }
        }

        ToSeqExcl = tape.NextSeq;
        return true;
    }

    /// <summary>The tape holds nothing of it: all of it is written again.</summary>
    public void Rewind(long fromSeq) => (FromSeq, ToSeqExcl, _appended) = (fromSeq, long.MaxValue, 0);

    /// <summary>Once durable: shows the records of the queue to the live view.</summary>
    public void ShowTo(LiveView view, UnixNanos now)
    {
        foreach (var chunk in _chunks)
        {
            var reader = chunk.Read();
            while (reader.TryRead(out var record)) view.Observe(record, now);
        }
    }

    /// <summary>Gives the queue its room back and is empty.</summary>
    public void End(FrameQueue queue)
    {
        queue.Release(_chunks, _bytes);
        _own.Clear();
        _chunks.Clear();
        _bytes = 0;
    }

    private void Append(TapeWriter writer, RecordKind kind, long connection, UnixNanos time, ReadOnlySpan<byte> payload, ref long skip)
    {
        if (skip-- > 0) return;
        writer.Append(kind, connection, time, payload);
        _appended++;
    }

    /// <summary>Whether the next record of the tape, leaving out notes about storage trouble, is this one; false at the tape's end.</summary>
    private static bool IsNext(TapeReader tape, in TapeRecord own)
    {
        while (tape.TryRead(out var found))
        {
            if (found.Kind == own.Kind && found.Connection == own.Connection && found.Time == own.Time && found.Payload.SequenceEqual(own.Payload)) return true;
            if (found.Kind == RecordKind.Note && found.Connection == 0 && Note.Parse(found.Payload) is PausedNote or RecoveredNote) continue;
            throw new DamagedException($"Record {found.Seq} of the tape is not the one that was written there.",
                "Nothing is changed; look at it with 'tape log show', and start the recorder again.");
        }

        return false;
    }
}
