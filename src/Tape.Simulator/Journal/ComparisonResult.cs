namespace Tape.Simulator.Journal;

/// <summary>What comparing one connection showed. <c>Sent = Matched + Dropped + MissingInside + MissingAtEnd</c> always holds.</summary>
/// <param name="Sent">Messages that the simulator sent whole.</param>
/// <param name="Stored">Frames that the recorder stored.</param>
/// <param name="Matched">Stored frames that are byte for byte (by hash and length) the ones sent at that place.</param>
/// <param name="Dropped">Sent messages that the recorder declared dropped at their place.</param>
/// <param name="MissingInside">Sent messages that are neither stored nor declared, with stored ones after them.</param>
/// <param name="Unexpected">Stored frames that were never sent at that place, and declared drops beyond what was sent.</param>
/// <param name="MissingAtEndSentAt">Send times, in order, of the messages after the last one stored or declared.</param>
/// <param name="Mismatches">The first faults as sentences, at most <see cref="JournalComparison.MismatchesMax"/>.</param>
public sealed record ComparisonResult(
    long Sent, long Stored, long Matched, long Dropped, long MissingInside, long Unexpected, IReadOnlyList<UnixNanos> MissingAtEndSentAt,
        IReadOnlyList<string> Mismatches)
{
    /// <summary>Messages after the last one stored or declared.</summary>
    public long MissingAtEnd => MissingAtEndSentAt.Count;

    /// <summary>Whether nothing is wrong before the end: what is missing at the end is for the caller to explain.</summary>
    public bool IsCleanInside => MissingInside == 0 && Unexpected == 0;

    /// <summary>Missing messages at the end that a loss from <paramref name="from"/> on (a kill, less the time that may be lost) does not explain.</summary>
    public long MissingAtEndBefore(UnixNanos from) => MissingAtEndSentAt.Count(sentAt => sentAt < from);
}
