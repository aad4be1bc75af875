using System.IO.Hashing;

namespace Tape.Simulator.Journal;

/// <summary>What an entry of the journal stands for. The numbers are part of the file format: never change or reuse one.</summary>
public enum JournalEntryKind : byte
{
    /// <summary>A data frame, sent whole.</summary>
    Data = 1,

    /// <summary>An acknowledgement or error answer, sent whole.</summary>
    Answer = 2,

    /// <summary>A whole message that is not what the venue would send, asked for by a fault script.</summary>
    Garbage = 3,

    Ping = 4,
    Pong = 5,
    Close = 6,

    /// <summary>A data frame that a fault script took away: never sent.</summary>
    Skipped = 7,

    /// <summary>A frame of which only a part was sent before the connection was cut, or bytes that are no frame at all.</summary>
    Partial = 8,
}

/// <summary>One frame in the order sent: 24 bytes in memory.</summary>
/// <param name="SentAtNanos">Wall clock right before the write to the socket, nanoseconds since the epoch.</param>
/// <param name="Hash"><see cref="XxHash64"/> of the payload as the client receives it (without the frame header).</param>
/// <param name="Length">Bytes of the payload.</param>
/// <param name="Kind">What it was.</param>
public readonly record struct JournalEntry(long SentAtNanos, ulong Hash, int Length, JournalEntryKind Kind)
{
    /// <summary>Whether a WebSocket client receives it as a message (and a recorder must account for it).</summary>
    public bool IsMessage => Kind is JournalEntryKind.Data or JournalEntryKind.Answer or JournalEntryKind.Garbage;

    /// <summary>When it was sent.</summary>
    public UnixNanos SentAt => new(SentAtNanos);
}
