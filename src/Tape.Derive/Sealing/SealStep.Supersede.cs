using System.Text.Json;
using Tape.Derive.Rows;
using Tape.Storage.Schema;
using Tape.Storage.Seals;

namespace Tape.Derive.Sealing;

/// <summary>
/// Replacing a committed range. The order is that of a first seal, with names of its own for the new files; the commit exchanges all files of the range at
/// once, and what it put out of use is set aside afterwards. Cut before the commit, the range stays as it was.
/// </summary>
internal sealed partial class SealStep
{
    /// <summary>Replaces a range by what it derives to now.</summary>
    /// <param name="version">Of the decoders behind <paramref name="range"/>.</param>
    public SupersedeEntry Supersede(DerivedRange range, SealEntry old, string version)
    {
        var origin = new PartOrigin(Convert.ToUInt64(old.Tape, 16), old.FromSeq, old.ToSeqExcl, version, old.Generation + 1);
        var parts = Write(range.Rows, origin);
        using var state = JsonDocument.Parse(range.State.ToJson());
        var entry = new SupersedeEntry(log.NextId, old.Tape, old.FromSeq, old.ToSeqExcl, version, [.. parts.Select(part => part.File)], range.Streams,
            state.RootElement.Clone())
        {
            Replaces = old.Id,
            Generation = origin.Generation,
            Undecodable = range.Undecodable,
            Faults = FaultsOf(range),
        };
        log.AppendSupersede(entry);
        Complete(entry, parts, null);
        return entry;
    }

    private static SealedFault[]? FaultsOf(DerivedRange range) =>
        range.Faults.Count == 0 ? null : [.. range.Faults.Select(fault => new SealedFault(fault.TapeSeq, fault.Connection, fault.Reason))];
}
