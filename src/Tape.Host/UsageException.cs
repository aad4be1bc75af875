namespace Tape.Host;

/// <summary>The arguments or the configuration are wrong and nothing was done; the program ends with <see cref="ExitCode.Usage"/>.</summary>
public sealed class UsageException(string message, string? hint = null) : TapeException(message, hint);
