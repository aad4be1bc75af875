namespace Tape.Core.Events;

/// <summary>A piece of UTF-8 text inside <see cref="EventBuffer.Text"/>. The default value is "no text" (NULL).</summary>
/// <param name="Start">0-based byte offset into the buffer's text.</param>
/// <param name="Length">Bytes; 0 with <paramref name="Start"/> 0 means absent.</param>
public readonly record struct TextRef(int Start, int Length)
{
    /// <summary>Whether there is no text.</summary>
    public bool IsAbsent => Length == 0;
}
