using Tape.Core.Errors;

namespace Tape.Cli;

/// <summary>The arguments or the configuration are wrong and nothing was done; the program ends with <see cref="ExitCode.Usage"/>.</summary>
internal sealed class UsageException(string message, string? hint = null) : TapeException(message, hint);
