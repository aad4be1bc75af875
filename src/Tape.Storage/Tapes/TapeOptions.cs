namespace Tape.Storage.Tapes;

/// <summary>Sizes of a tape. All are limits with the behaviour that they name.</summary>
public sealed record TapeOptions
{
    /// <summary>What the log holds, for the message to those who find it taken: <c>tape</c>, <c>answers log</c>.</summary>
    public string Holds { get; init; } = "tape";

    /// <summary>A block that would make the segment longer than this goes to a new segment; a segment holds at least one block whatever its length.</summary>
    public long SegmentBytesMax { get; init; } = 256 << 20;

    /// <summary>A block is closed before its records exceed this; a longer record is a block of its own. At most 64 MiB.</summary>
    public int BlockBytesMax { get; init; } = 1 << 20;

    /// <summary>Appending beyond this commits first; a longer record is taken alone.</summary>
    public int PendingBytesMax { get; init; } = 8 << 20;

    /// <summary>Room that is held in a file of its own, so that on a full disk a note can still be written.</summary>
    public int ReserveBytes { get; init; } = 64 << 10;

    /// <summary>
    /// Records below this number are sealed. They were durable, so where recovery has to cut some of them the disk has lost them; their numbers stay used, and
    /// the tape goes on with this one. 0: none.
    /// </summary>
    public long SealedTo { get; init; }
}
