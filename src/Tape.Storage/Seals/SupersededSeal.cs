namespace Tape.Storage.Seals;

/// <summary>A seal that another generation of its range has replaced, and whose files may still be in the tables' folders.</summary>
/// <param name="Seal">The replaced one.</param>
/// <param name="By">Number of the replacement.</param>
public sealed record SupersededSeal(SealEntry Seal, long By);
