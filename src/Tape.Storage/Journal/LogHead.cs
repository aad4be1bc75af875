namespace Tape.Storage.Journal;

/// <summary>How far a log of lines had come at some moment: kept in another log, it shows later that lines were lost or exchanged.</summary>
/// <param name="Lines">How many lines it had.</param>
/// <param name="Chain">The chain of the last one, 32 hexadecimal digits; zeros without lines.</param>
public readonly record struct LogHead(long Lines, string Chain)
{
    /// <summary>Of a log without lines.</summary>
    public static LogHead None { get; } = new(0, new string('0', LineChain.HexDigits));
}
