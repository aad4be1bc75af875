using Tape.Storage.Tapes.Notes;

namespace Tape.Storage.Tapes;

/// <summary>What a record of a log holds. The numbers are part of the format: never change or reuse one.</summary>
public enum RecordKind : byte
{
    /// <summary>A WebSocket message as received, byte for byte.</summary>
    Frame = 1,

    /// <summary>A message that we sent, secrets removed.</summary>
    Sent = 2,

    /// <summary>An application-level ping or pong, received or sent.</summary>
    Heartbeat = 3,

    /// <summary>Monotonic and wall time, once a second. The payload is a <see cref="Tick"/>.</summary>
    Tick = 4,

    /// <summary>Something that happened to the recording. The payload is a JSON object (<see cref="Note"/>).</summary>
    Note = 5,

    /// <summary>An answer to a REST request, only on the answers log. The payload is an <see cref="Answers.AnswerHead"/> and a body.</summary>
    Answer = 6,
}

/// <summary>One record as read. The payload is valid until the reader moves on.</summary>
public readonly ref struct TapeRecord
{
    public TapeRecord(long seq, RecordKind kind, long connection, UnixNanos time, ReadOnlySpan<byte> payload)
    {
        Seq = seq;
        Kind = kind;
        Connection = connection;
        Time = time;
        Payload = payload;
    }

    /// <summary>Number of the record on its tape: 0, 1, 2… without holes, for ever.</summary>
    public long Seq { get; }

    public RecordKind Kind { get; }

    /// <summary>The connection it belongs to, unique on the tape; 0 where it belongs to none.</summary>
    public long Connection { get; }

    /// <summary>Our receive time (or send time, or the time of the note).</summary>
    public UnixNanos Time { get; }

    public ReadOnlySpan<byte> Payload { get; }
}
