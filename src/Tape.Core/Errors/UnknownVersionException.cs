namespace Tape.Core.Errors;

/// <summary>Whole bytes in a form that this program does not know: a newer one wrote them. A handler must change nothing.</summary>
/// <param name="where">The file, and the place in it.</param>
/// <param name="found">What is there: <c>format version 2 of segments</c>.</param>
/// <param name="expected">What this program knows.</param>
public sealed class UnknownVersionException(string where, string found, string expected)
    : TapeException($"{where}: found {found}, expected {expected}", "A newer tape program wrote this vault: use that one. Nothing was changed.");
