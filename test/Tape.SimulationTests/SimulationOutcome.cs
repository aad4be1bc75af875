using Tape.Simulator.Proof;

namespace Tape.SimulationTests;

/// <summary>How a simulation went.</summary>
/// <param name="Proof">What was stored against what was sent.</param>
/// <param name="Findings">What the sanity check has against the vault.</param>
/// <param name="RowsProven">Rows that were derived again and are the same.</param>
/// <param name="Lives">Starts of the recorder.</param>
/// <param name="Days">Days that were compacted, again ones counted again.</param>
/// <param name="DiskFaults">By kind.</param>
/// <param name="Troubles">Of the exchange, by kind.</param>
/// <param name="Digest">Of all files of the vault.</param>
/// <param name="LogDigest">Of all lines of the recorder's log.</param>
internal sealed record SimulationOutcome(
    ProofResult Proof, IReadOnlyList<string> Findings, long RowsProven, int Lives, int Seals, int Days, int Folds, IReadOnlyDictionary<string, int> DiskFaults,
        IReadOnlyDictionary<string, int> Troubles, string Digest, string LogDigest)
{
    public override string ToString() =>
        $"{Proof.Sent} sent, {Proof.Stored} stored, {Proof.Dropped} dropped, {Proof.InKillWindows} in {Proof.KillWindows.Count} windows of cuts, "
            + $"{Proof.InConnectionEnds} at ends of connections, {Proof.Unexplained} unexplained; "
        + $"{Lives} lives, {Seals} seals, {Days} days compacted, {Folds} folded, {RowsProven} rows proven; disk: {Text(DiskFaults)}; exchange: "
            + $"{Text(Troubles)}; files {Digest[..16]}, log {LogDigest[..16]}";

    private static string Text(IReadOnlyDictionary<string, int> counts) => string.Join(", ", counts.Select(count => $"{count.Key} {count.Value}"));
}
