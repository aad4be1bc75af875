using Tape.Core.Values;
using Tape.Derive.Books;

namespace Tape.Derive.Activity;

/// <summary>What one stream brought lately.</summary>
/// <param name="Key">The stream.</param>
/// <param name="IsOpen">Whether a connection that is to carry it is open.</param>
/// <param name="Frames">Frames since the picture begins.</param>
/// <param name="Dropped">Frames declared dropped since then.</param>
/// <param name="RecentFrames">Frames of the present minute and those before it that are kept.</param>
/// <param name="RecentDropped">Drops of the same time.</param>
/// <param name="LastReceived">Latest receive time; null without a frame.</param>
public sealed record StreamActivity(StreamKey Key, bool IsOpen, long Frames, long Dropped, long RecentFrames, long RecentDropped, UnixNanos? LastReceived)
{
    /// <summary>Whether a book kept out of the stream could be trusted; null for a stream without one, and where books are not followed.</summary>
    public BookStatus? Book { get; init; }
}
