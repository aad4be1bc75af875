namespace Tape.Storage.Answers;

/// <summary>
/// Where all of a process append to the answers log. The log is opened when the first answer comes, and again through recovery after a failure. Thread-safe;
/// one answer at a time.
/// </summary>
/// <param name="open">Opens the log for writing; what it gives is owned here.</param>
public sealed class AnswersAppender(Func<AnswersWriter> open) : IDisposable
{
    private readonly Lock _gate = new();
    private AnswersWriter? _writer;

    /// <inheritdoc cref="AnswersWriter.Append"/>
    /// <exception cref="OwnedElsewhereException">Another process writes the log.</exception>
    /// <exception cref="DamagedException">The log is damaged.</exception>
    public long Append(AnswerHead head, ReadOnlySpan<byte> body)
    {
        lock (_gate)
        {
            if (_writer is { IsInPlace: false }) Close();
            _writer ??= open();
            try
            {
                return _writer.Append(head, body);
            }
            catch
            {
                // On a full disk the answer would wait in the writer, while its caller has been told that it is not stored.
                Close();
                throw;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate) Close();
    }

    private void Close()
    {
        _writer?.Dispose();
        _writer = null;
    }
}
