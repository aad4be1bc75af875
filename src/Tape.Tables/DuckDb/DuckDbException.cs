namespace Tape.Tables.DuckDb;

/// <summary>DuckDB refused or failed; the message is its own text, shortened to what a person needs.</summary>
public sealed class DuckDbException(string message, string? hint = null) : TapeException(message, hint);
