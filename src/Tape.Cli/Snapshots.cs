using Tape.Query;
using Tape.Storage.Files;

namespace Tape.Cli;

/// <summary>Where queries of this program get their snapshots.</summary>
internal static class Snapshots
{
    /// <summary>Sealed parts of the vault, and the rows decoded from the tape after them.</summary>
    public static readonly SnapshotSource Source = (vault, range) => TapeSnapshot.Take(DiskFiles.Instance, vault, range);
}
