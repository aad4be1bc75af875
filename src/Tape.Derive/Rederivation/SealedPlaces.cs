using Tape.Storage.Files;
using Tape.Storage.Seals;

namespace Tape.Derive.Rederivation;

/// <summary>
/// Where the rows of a seal's parts are at this moment: in the part, or in the merged file that took its place since the seal log was read. Merged files are
/// shared by the seals of a day, so each file is looked into only once. Not thread-safe.
/// </summary>
internal sealed class SealedPlaces(IFiles files, string vault)
{
    private readonly Dictionary<string, string?> _faults = [];

    /// <summary>
    /// What is wrong with the file that holds a part's rows, as <paramref name="look"/> says; a merged file is looked at once and its answer kept.
    /// </summary>
    public string? FaultOf(SealEntry seal, SealedFile part, Func<SealedFile, string?> look)
    {
        if (part.Fold is null && !files.FileExists(EntryPath.Absolute(vault, part.Path)))
            part = SealLog.Read(files, vault).PlaceOf(seal, part);
        if (part.Fold is not { } merged) return look(part);
        if (_faults.TryGetValue(merged.Path, out var known)) return known;
        return _faults[merged.Path] = look(merged);
    }
}
