namespace Tape.Core.Errors;

/// <summary>
/// A broken promise of the outside world: disk, damage, configuration, another process. The message says what was found, what was
/// expected and where; <see cref="Hint"/> says what to do. Only the outermost layer prints it.
/// </summary>
public class TapeException : Exception
{
    public TapeException(string message, string? hint = null, Exception? inner = null) : base(message, inner) => Hint = hint;

    /// <summary>What the person in front of it can do, as a sentence; null where nothing helps.</summary>
    public string? Hint { get; }
}

/// <summary>The disk (or quota) has no room. Writing may succeed later; nothing is damaged.</summary>
public sealed class DiskFullException(string message, string? hint = null, Exception? inner = null) : TapeException(message, hint, inner);

/// <summary>Stored bytes are not what was written: a checksum, a length or a structure is wrong.</summary>
public sealed class DamagedException(string message, string? hint = null, Exception? inner = null) : TapeException(message, hint, inner);

/// <summary>Another process owns what was asked for.</summary>
public sealed class OwnedElsewhereException(string message, string? hint = null) : TapeException(message, hint);

/// <summary>An earlier write failed, so this writer refuses more until it is opened again through recovery.</summary>
public sealed class WriterBrokenException(string message, Exception cause) : TapeException(message, "Open it again: opening recovers.", cause);
