using Tape.Simulator.Journal;

namespace Tape.Simulator.Proof;

/// <summary>
/// Holds a tape against the journal of the simulator that it recorded: every message sent is stored, declared dropped at its place, inside a declared
/// window, or unexplained. Windows: a connection that ended with a note may miss what was sent and not delivered before the note; one that a kill
/// ended may miss what was sent from the kill minus the allowance on. A connection that was left for a successor may miss only what the successor has stored,
/// and the successor must have been subscribed before: across both nothing is missing.
/// </summary>
public static class RecordingProof
{
    /// <summary>What a kill may cost besides the commit interval: the time in which the machine may be busy elsewhere.</summary>
    public static readonly TimeSpan KillAllowance = TimeSpan.FromMilliseconds(250);

    /// <param name="files">Where the tape is.</param>
    /// <param name="tapeFolder">The folder of the tape.</param>
    /// <param name="journal">What was sent.</param>
    /// <param name="kills">When the recorder was killed, by the same wall clock, in order.</param>
    /// <param name="commitInterval">The recorder's commit interval.</param>
    /// <param name="venue">Only connections of this venue are looked at: the journal is its simulator's; null for all that is on the tape.</param>
    public static ProofResult Check(IFiles files, string tapeFolder, IReadOnlyList<JournalConnection> journal, IReadOnlyList<UnixNanos> kills,
        TimeSpan commitInterval, string? venue = null)
    {
        var tape = TapeConnections.Read(files, tapeFolder, venue);
        var sums = new ProofSums(kills, commitInterval + KillAllowance);
        var pairs = Match(journal, tape, sums).ToList();
        foreach (var (sent, stored) in pairs)
        {
            sums.Add(sent, stored);
            if (stored is { End.Cause: "rotation" }) sums.AddRotation(sent, stored, Successor(stored, pairs));
        }

        return sums.Finish();
    }

    /// <returns>The connection of the same plan that had its subscriptions before the old one ended, and outlived it.</returns>
    private static TapeConnection? Successor(TapeConnection old, List<(JournalConnection Sent, TapeConnection? Stored)> pairs) => pairs
        .Where(pair => pair.Sent.Entries.Any(entry => entry.Kind == JournalEntryKind.Answer && entry.SentAt <= old.EndedAt))
        .Select(pair => pair.Stored).OfType<TapeConnection>()
        .FirstOrDefault(next => next.Plan == old.Plan && next.Connection > old.Connection && (next.EndedAt is not { } ended || ended > old.EndedAt));

    /// <summary>Pairs connections by our port; a port that was used again gives its connections in the order of time on both sides.</summary>
    private static IEnumerable<(JournalConnection Sent, TapeConnection? Stored)> Match(IReadOnlyList<JournalConnection> journal,
        IReadOnlyList<TapeConnection> tape, ProofSums sums)
    {
        var left = tape.ToList();
        foreach (var sent in journal)
        {
            // A recorder that was killed right after connecting may have left no note of a connection; then a later one of the same port must not be taken for
            // it.
            var stored = left.Find(connection => connection.Port == sent.ClientPort && (sent.ClosedAt is not { } closed || connection.OpenedAt <= closed)
                && connection.OpenedAt.Add(KillAllowance) >= sent.OpenedAt);
            if (stored is not null) left.Remove(stored);
            yield return (sent, stored);
        }

        foreach (var stranger in left)
            sums.Unexplain(stranger.Items.Count(item => item.Dropped == 0),
                string.Create(CultureInfo.InvariantCulture, $"connection {stranger.Connection} of the tape (port {stranger.Port}) is not in the journal"));
    }
}
