using Tape.Simulator.Journal;

namespace Tape.Simulator.Proof;

/// <summary>
/// The outcome of a proof. Sent = Stored + Dropped + InKillWindows + InConnectionEnds + Unexplained (unexplained also counts what was never sent).
/// </summary>
/// <param name="Sent">Messages sent whole.</param>
/// <param name="Stored">Of them on the tape, byte for byte, in order.</param>
/// <param name="Dropped">Declared dropped by notes at their place.</param>
/// <param name="InKillWindows">Missing at the end of connections that a kill ended, sent within the allowance before the kill or after it.</param>
/// <param name="InConnectionEnds">Sent, but not delivered before a connection ended that has its note.</param>
/// <param name="Unexplained">Everything else; must be 0.</param>
/// <param name="KillWindows">For each connection that a kill ended and that misses messages: from the first missing one to the last.</param>
/// <param name="Rotations">Connections that were left because a successor took over; what was under way on them then must be on the tape by the
/// successor.</param>
/// <param name="Faults">What is unexplained, as sentences (the first 100).</param>
public sealed record ProofResult(
    long Sent, long Stored, long Dropped, long InKillWindows, long InConnectionEnds, long Unexplained, IReadOnlyList<TimeSpan> KillWindows, int Rotations,
        IReadOnlyList<string> Faults);

/// <summary>Adds up the comparison of each connection.</summary>
internal sealed class ProofSums(IReadOnlyList<UnixNanos> kills, TimeSpan allowance)
{
    private const int FaultsMax = 100;

    private readonly List<TimeSpan> _windows = [];
    private readonly List<string> _faults = [];
    private long _sent;
    private long _stored;
    private long _dropped;
    private long _inKills;
    private long _inEnds;
    private long _unexplained;
    private int _rotations;

    public void Add(JournalConnection sent, TapeConnection? stored)
    {
        var result = JournalComparison.Compare(sent, stored?.Items ?? []);
        _sent += result.Sent;
        _stored += result.Matched;
        _dropped += result.Dropped;
        if (!result.IsCleanInside)
            Unexplain(result.MissingInside + result.Unexpected,
                $"connection {stored?.Connection} (port {sent.ClientPort}): {string.Join("; ", result.Mismatches)}");
        if (stored is { TimeFell: true }) Unexplain(1, $"connection {stored.Connection}: receive times fall");
        if (stored?.End is { } end) AddEnded(stored, result, end.Frames);
        else AddKilled(sent, result);
    }

    /// <summary>Holds what a connection missed when it was left against what its successor stored.</summary>
    /// <param name="successor">Null when none was subscribed before: then it is unknown what was not sent.</param>
    public void AddRotation(JournalConnection sent, TapeConnection stored, TapeConnection? successor)
    {
        _rotations++;
        if (successor is null)
            Unexplain(1, string.Create(CultureInfo.InvariantCulture, $"connection {stored.Connection}: no successor was subscribed before it was left"));
        var missing = JournalComparison.Compare(sent, stored.Items).MissingAtEnd;
        if (missing == 0 || successor is null) return;
        var kept = successor.Items.Select(item => (item.Hash, item.Length)).ToHashSet();
        var holes = sent.Entries.Where(entry => entry.IsMessage).TakeLast((int)missing)
            .Count(entry => entry.Kind == JournalEntryKind.Data && !kept.Contains((entry.Hash, entry.Length)));
        if (holes > 0)
            Unexplain(holes, string.Create(CultureInfo.InvariantCulture,
                $"connection {stored.Connection}: {holes} messages were under way at its rotation and connection {successor.Connection} has not stored them "
                + $"either"));
    }

    public void Unexplain(long messages, string why)
    {
        _unexplained += messages;
        if (_faults.Count < FaultsMax) _faults.Add(why);
    }

    public ProofResult Finish() => new(_sent, _stored, _dropped, _inKills, _inEnds, _unexplained, _windows, _rotations, _faults);

    private void AddEnded(TapeConnection stored, ComparisonResult result, long received)
    {
        _inEnds += result.MissingAtEnd;
        if (received != result.Matched + result.Dropped)
            Unexplain(Math.Abs(received - result.Matched - result.Dropped),
                string.Create(CultureInfo.InvariantCulture,
                $"connection {stored.Connection}: its last note says {received} frames were received, found {result.Matched} stored and {result.Dropped} "
                + $"declared dropped"));
    }

    private void AddKilled(JournalConnection sent, ComparisonResult result)
    {
        if (result.MissingAtEnd == 0) return;
        var kill = kills.Where(kill => kill >= sent.OpenedAt).Select(kill => (UnixNanos?)kill).FirstOrDefault();
        if (kill is not { } at)
        {
            Unexplain(result.MissingAtEnd,
                string.Create(CultureInfo.InvariantCulture,
                $"port {sent.ClientPort}: {result.MissingAtEnd} messages are missing at the end, and neither a note nor a kill explains it"));
            return;
        }

        var early = result.MissingAtEndBefore(at.Add(-allowance));
        _inKills += result.MissingAtEnd - early;
        _windows.Add(result.MissingAtEndSentAt[^1].Since(result.MissingAtEndSentAt[0]));
        if (early > 0)
            Unexplain(early, string.Create(CultureInfo.InvariantCulture,
                $"port {sent.ClientPort}: {early} messages are missing that were sent more than {allowance.TotalMilliseconds:0} ms before the kill at {at}"));
    }
}
