namespace Tape.Storage.Seals;

/// <summary>Files that a fold took the rows of, and that may still be in the tables' folders.</summary>
/// <param name="By">Number of the fold.</param>
/// <param name="Paths">Relative to the vault, with '/'.</param>
public sealed record OutOfUseParts(long By, IReadOnlyList<string> Paths);
