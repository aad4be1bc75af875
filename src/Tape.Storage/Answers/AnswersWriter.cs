using Tape.Storage.Journal;
using Tape.Storage.Tapes;

namespace Tape.Storage.Answers;

/// <summary>
/// The one writer of a vault's answers log, with a lock of its own. Each answer is durable when <see cref="Append"/> returns. Failure policy as
/// <see cref="TapeWriter"/>: a full disk breaks nothing and the answer waits for the next append, any other failure breaks the writer until it is opened again.
/// Not thread-safe.
/// </summary>
public sealed class AnswersWriter : IDisposable
{
    private static readonly TapeOptions Options = new() { Holds = "answers log", ReserveBytes = 16 << 10 };

    private readonly TapeWriter _log;

    private AnswersWriter(TapeWriter log) => _log = log;

    /// <summary>Whether a failure made this writer useless; dispose it and open again.</summary>
    public bool IsBroken => _log.IsBroken;

    /// <inheritdoc cref="TapeWriter.IsInPlace"/>
    public bool IsInPlace => _log.IsInPlace;

    /// <summary>Takes the lock and recovers; makes the folder when it is absent.</summary>
    /// <param name="chance">Gives a new log its id.</param>
    /// <param name="part">As of <see cref="AnswersLog.Folder"/>.</param>
    /// <exception cref="OwnedElsewhereException">Another process writes it.</exception>
    /// <exception cref="DamagedException">The log is damaged before its last commit; nothing was changed.</exception>
    /// <exception cref="DiskFullException">There is no room for a log.</exception>
    public static AnswersWriter Open(IFiles files, string vault, TimeProvider time, Random chance, OwnerInfo owner,
        string? part = null) => new(AnswersLog.Named(() => TapeWriter.Open(files, AnswersLog.Folder(vault, part), Options, time, chance, owner)));

    /// <summary>Makes an answer durable.</summary>
    /// <param name="head">Its <see cref="AnswerHead.BodyBytes"/> and <see cref="AnswerHead.Coding"/> are set here.</param>
    /// <param name="body">The body as the venue sent it, at most <see cref="AnswersLog.BodyBytesMax"/>; not stored when <see cref="AnswerHead.SameAs"/> is
    /// given.</param>
    /// <returns>Number of its record.</returns>
    /// <exception cref="DiskFullException">No room; it is written with the next one.</exception>
    /// <exception cref="WriterBrokenException">The write failed; it may or may not be on the log.</exception>
    public long Append(AnswerHead head, ReadOnlySpan<byte> body)
    {
        if (body.Length > AnswersLog.BodyBytesMax)
            throw new ArgumentOutOfRangeException(nameof(body), body.Length, $"At most {AnswersLog.BodyBytesMax} bytes.");
        _log.Append(RecordKind.Answer, 0, new UnixNanos(head.ReceivedAt), AnswersLog.Payload(head, body));
        _log.Commit();
        return _log.NextSeq - 1;
    }

    public void Dispose() => _log.Dispose();
}
