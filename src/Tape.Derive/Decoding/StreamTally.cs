using Tape.Storage.Seals;

namespace Tape.Derive.Decoding;

/// <summary>What one stream brought within a range of the tape.</summary>
public sealed class StreamTally(StreamKey key)
{
    public StreamKey Key { get; } = key;

    /// <summary>Frames on the tape.</summary>
    public long Frames { get; internal set; }

    /// <summary>Rows derived from them.</summary>
    public long Rows { get; internal set; }

    /// <summary>Frames that could not be decoded.</summary>
    public long Undecodable { get; internal set; }

    /// <summary>Frames that notes declare as dropped.</summary>
    public long Dropped { get; internal set; }

    /// <summary>Earliest receive time of a frame, or <see cref="Absent.Integer"/> without frames.</summary>
    public long FirstReceived { get; internal set; } = Absent.Integer;

    /// <summary>Latest receive time of a frame, or <see cref="Absent.Integer"/>.</summary>
    public long LastReceived { get; internal set; } = Absent.Integer;

    /// <summary>In the form of the seal log.</summary>
    internal StreamStatistics Statistics() => new(
        Key.Venue, Key.Channel, Key.Symbol, Frames, Rows, Frames == 0 ? null : FirstReceived, Frames == 0 ? null : LastReceived, Dropped);

    internal void Count(long receivedAt)
    {
        // The extremes, not the first and last in order: times fall between connections, and sums over ranges must not depend on where the ranges were cut.
        FirstReceived = Frames == 0 ? receivedAt : Math.Min(FirstReceived, receivedAt);
        LastReceived = Frames == 0 ? receivedAt : Math.Max(LastReceived, receivedAt);
        Frames++;
    }
}
