using Tape.Derive.Gaps;
using Tape.Derive.Instruments;
using Tape.Storage.Logs;
using Tape.Storage.Tables;

namespace Tape.Query;

/// <summary>What a query sees: sealed parts, and the rows decoded from the tape after them up to one position. No row is in both.</summary>
/// <param name="Vault">Absolute path of the vault.</param>
/// <param name="Files">Committed parts.</param>
/// <param name="Tail">Rows after the last seal; owned by the snapshot's user, not changed while it is used.</param>
/// <param name="Streams">Statistics of all streams, each once, over parts and tail.</param>
public sealed record VaultSnapshot(string Vault, IReadOnlyList<SealedFile> Files, RowSet Tail, IReadOnlyList<StreamStatistics> Streams)
{
    /// <summary>Looks at the segments of the tape; called only when a query names them, since it reads a little of each. Null where there is no tape.</summary>
    public Func<IReadOnlyList<SegmentInfo>>? Segments { get; init; }

    /// <summary>Derives what the answers log says of instruments; called only when a query needs it, since it reads all lists. Null where there is no answers log.</summary>
    public Func<IReadOnlyList<InstrumentSpan>>? Instruments { get; init; }

    /// <summary>Reads the gap ledger and what the tape behind it establishes up to the snapshot's position; called only when a query needs it. Null where there is no tape.</summary>
    public Func<GapReport>? Gaps { get; init; }
}

/// <summary>Takes a snapshot of a vault without locks and without a server.</summary>
/// <param name="vault">Absolute path.</param>
/// <param name="range">Only what touches it need be in the snapshot.</param>
public delegate VaultSnapshot SnapshotSource(string vault, QueryRange range);
