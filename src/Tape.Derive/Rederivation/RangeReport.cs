using Tape.Derive.Sealing;
using Tape.Storage.Seals;

namespace Tape.Derive.Rederivation;

/// <summary>What deriving a sealed range again showed, and what was done about it.</summary>
/// <param name="Seal">The range as it was found.</param>
/// <param name="Differences">Parts that differ; empty when all rows are the same.</param>
/// <param name="Undecodable">Frames that can't be decoded now; the seal says how many it were.</param>
/// <param name="IsOlder">Whether decoders of another version had derived the range.</param>
public sealed record RangeReport(SealEntry Seal, IReadOnlyList<PartDifference> Differences, long Undecodable, bool IsOlder)
{
    /// <summary>Files that are missing or do not hold what the seal says, as sentences.</summary>
    public IReadOnlyList<string> FileFaults { get; init; } = [];

    /// <summary>The generation that took the range's place, or null.</summary>
    public SupersedeEntry? Replacement { get; init; }

    /// <summary>Old files that stay in the tables' folders because somebody has them open; they count no more and are moved next time.</summary>
    public int FilesLeft { get; init; }

    /// <summary>Whether the tape derives to the very rows that are stored.</summary>
    public bool IsSame => Differences.Count == 0 && Undecodable == Seal.Undecodable && FileFaults.Count == 0;
}
