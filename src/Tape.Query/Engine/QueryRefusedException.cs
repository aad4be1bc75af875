using Tape.Core.Errors;

namespace Tape.Query.Engine;

/// <summary>The SQL is not something that a query may do. Nothing was run.</summary>
public sealed class QueryRefusedException(string message, string? hint = null) : TapeException(message, hint);
