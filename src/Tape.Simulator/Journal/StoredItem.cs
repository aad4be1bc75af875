using System.IO.Hashing;

namespace Tape.Simulator.Journal;

/// <summary>One step of what a recorder kept of a connection, in its order: a stored frame, or a note that frames were dropped at this place.</summary>
public readonly record struct StoredItem
{
    private StoredItem(ulong hash, int length, UnixNanos receivedAt, long dropped) => (Hash, Length, ReceivedAt, Dropped) = (hash, length, receivedAt, dropped);

    /// <summary><see cref="XxHash64"/> of the stored frame.</summary>
    public ulong Hash { get; }

    /// <summary>Bytes of the stored frame.</summary>
    public int Length { get; }

    /// <summary>The recorder's receive time of the stored frame.</summary>
    public UnixNanos ReceivedAt { get; }

    /// <summary>Frames declared dropped here; 0 for a stored frame.</summary>
    public long Dropped { get; }

    /// <summary>A frame as stored.</summary>
    public static StoredItem Frame(ReadOnlySpan<byte> payload, UnixNanos receivedAt) => new(XxHash64.HashToUInt64(payload), payload.Length, receivedAt, 0);

    /// <summary>A frame as stored, by its hash.</summary>
    public static StoredItem Frame(ulong hash, int length, UnixNanos receivedAt) => new(hash, length, receivedAt, 0);

    /// <summary>A declared drop of at least one frame.</summary>
    public static StoredItem Drop(long frames) => frames > 0
        ? new(0, 0, default, frames)
        : throw new ArgumentOutOfRangeException(nameof(frames), frames, "a drop is at least one frame");
}
