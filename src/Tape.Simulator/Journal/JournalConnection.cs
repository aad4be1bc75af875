namespace Tape.Simulator.Journal;

/// <summary>What the simulator sent over one connection. A snapshot: it does not change.</summary>
/// <param name="Id">Number of the connection in this journal, from 1.</param>
/// <param name="Route">The route connected to: <c>public</c>, <c>market</c>, <c>legacy</c>.</param>
/// <param name="ClientPort">The client's TCP port: with it a tape's connection is matched.</param>
/// <param name="OpenedAt">When the handshake was answered.</param>
/// <param name="ClosedAt">When the connection was gone, or null while it is open.</param>
/// <param name="End">Why it ended.</param>
/// <param name="Counts">How much was sent.</param>
/// <param name="Entries">All frames in the order sent; empty when the journal keeps counts only.</param>
public sealed record JournalConnection(
    int Id, string Route, int ClientPort, UnixNanos OpenedAt, UnixNanos? ClosedAt, ConnectionEnd End, JournalCounts Counts,
        IReadOnlyList<JournalEntry> Entries);

/// <summary>Sums over a connection or a whole journal.</summary>
/// <param name="Messages">Messages sent whole: what a client can have received.</param>
/// <param name="MessageBytes">Their payload bytes.</param>
/// <param name="Skipped">Frames that fault scripts took away.</param>
public readonly record struct JournalCounts(long Messages, long MessageBytes, long Skipped)
{
    public static JournalCounts operator +(JournalCounts a, JournalCounts b) =>
        new(a.Messages + b.Messages, a.MessageBytes + b.MessageBytes, a.Skipped + b.Skipped);

    /// <summary>These counts with one entry more.</summary>
    public JournalCounts With(in JournalEntry entry) =>
        entry.IsMessage ? this with { Messages = Messages + 1, MessageBytes = MessageBytes + entry.Length }
        : entry.Kind == JournalEntryKind.Skipped ? this with { Skipped = Skipped + 1 }
        : this;
}
