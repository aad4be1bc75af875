namespace Tape.Core.Logging;

/// <summary>
/// Takes finished log lines: one JSON object each, without line end. Called from several threads, one line at a time. May throw: the line is then lost, the
/// recording goes on.
/// </summary>
public interface ILogSink
{
    /// <summary>Takes a line. The bytes are valid during the call only.</summary>
    void Write(ReadOnlySpan<byte> line);

    /// <summary>Lines that were taken and could not be written later.</summary>
    long LostLines => 0;
}
