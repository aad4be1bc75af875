namespace Tape.Derive.Sealing;

/// <summary>What a seal did.</summary>
/// <param name="FromSeq">First record of the range.</param>
/// <param name="ToSeqExcl">Record after the last one.</param>
/// <param name="Rows">Rows of all tables.</param>
/// <param name="Files">Parts.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="Undecodable">Frames of the range that could not be decoded.</param>
/// <param name="Redone">Whether it was announced by a run that ended before it was complete.</param>
public sealed record SealReport(long FromSeq, long ToSeqExcl, long Rows, int Files, long Bytes, long Undecodable, bool Redone)
{
    /// <summary>
    /// Why the gap ledger does not have the range, as a sentence; null when it has. It is tried again with the next seal, and the tape does not expire
    /// meanwhile.
    /// </summary>
    public string? LedgerFault { get; init; }

    /// <summary>What was found lost from the logs of the vault since the seal before, a sentence each.</summary>
    public IReadOnlyList<string> Losses { get; init; } = [];

    /// <summary>What was wrong with the gap ledger, which was then made again from what is on the tape; null when nothing was.</summary>
    public string? LedgerRebuilt { get; init; }
}
