namespace Tape.Storage.Journal;

/// <summary>
/// How far the other logs of a vault had come when a seal was committed. A log that has less than that now, or other lines, was cut, lost or exchanged. Null
/// where there was no such log, or it could not be read.
/// </summary>
/// <param name="Gaps">The gap ledger.</param>
/// <param name="Compact">The log of finished days.</param>
/// <param name="Answers">The answers log.</param>
public sealed record VaultHeads(LogHead? Gaps = null, LogHead? Compact = null, AnswersMark? Answers = null)
{
    /// <summary>What is wrong with a log of lines, as the rest of a sentence; null when nothing is.</summary>
    /// <param name="expected">How far it had come; null where nothing is known.</param>
    /// <param name="read">The chain behind its last line, which watched for the number of lines that are expected.</param>
    internal static string? Fault(LogHead? expected, LineChain read) =>
        expected is not { } head || read.Watched == head.Chain ? null
        : read.Lines < head.Lines ? $"{read.Lines} lines, expected {head.Lines} or more, as raw/seals.log says: lines are missing"
        : $"line {head.Lines} with another chain than raw/seals.log says: it is another log";
}

/// <summary>How far the answers log had come.</summary>
/// <param name="Id">Its id, 16 hexadecimal digits.</param>
/// <param name="NextSeq">Number behind its last record.</param>
/// <param name="Checksum">Of the last block's records, 8 hexadecimal digits; null for a log without records.</param>
public sealed record AnswersMark(string Id, long NextSeq, string? Checksum);
