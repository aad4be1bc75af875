using Tape.Simulator.Serving;

namespace Tape.Simulator.Market;

/// <summary>A stream of book changes, for venues that tell a book's state over the same stream as its changes.</summary>
internal sealed class BookStream(string name, string route, int symbol, TimeSpan period, int depth)
    : SimulatedStream(name, route, StreamKind.Book, symbol, period)
{
    /// <summary>What its subscribers know.</summary>
    public BookView View { get; } = new(depth);

    /// <summary>Whether each frame is the whole view, rather than what has changed of it.</summary>
    public bool IsSnapshot { get; init; }

    /// <summary>Frames made of it.</summary>
    public long Frames { get; set; }

    /// <summary>Whether the next frame is to begin the book again.</summary>
    public bool IsRestarted { get; set; }
}
