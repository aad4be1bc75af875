using Tape.Query.Snapshots;
using Tape.Storage.Files;

namespace Tape.Host.Queries;

/// <summary>Where queries of this program get their snapshots.</summary>
public static class Snapshots
{
    /// <summary>Sealed parts of the vault, and the rows decoded from the tape after them.</summary>
    public static readonly SnapshotSource Source = (vault, range) => TapeSnapshot.Take(DiskFiles.Instance, vault, range);
}
