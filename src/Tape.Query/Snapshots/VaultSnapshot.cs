using System.Text.Json;
using Tape.Candles.Closing;
using Tape.Candles.Files;
using Tape.Derive.Gaps;
using Tape.Derive.Instruments;
using Tape.Storage.Seals;
using Tape.Storage.Tapes;
using Tape.Tables.Rows;

namespace Tape.Query.Snapshots;

/// <summary>What a query sees: sealed parts, and the rows decoded from the tape after them up to one position. No row is in both.</summary>
/// <param name="Vault">Absolute path of the vault.</param>
/// <param name="Files">Committed parts.</param>
/// <param name="Tail">Rows after the last seal; owned by the snapshot's user, not changed while it is used.</param>
/// <param name="Statistics">Adds up all streams, each once, over parts and tail; called once, when somebody needs it, since it may read archives of the seal
/// log.</param>
public sealed record VaultSnapshot(string Vault, IReadOnlyList<SealedFile> Files, RowSet Tail, Func<IReadOnlyList<StreamStatistics>> Statistics)
{
    private IReadOnlyList<StreamStatistics>? _streams;

    /// <summary>What <see cref="Statistics"/> gives.</summary>
    public IReadOnlyList<StreamStatistics> Streams => _streams ??= Statistics();

    /// <summary>
    /// Reads which files finished days have, each as a file of its table whose times are the bounds of its day; called only when a query names them. Null where
    /// there are none.
    /// </summary>
    public Func<IReadOnlyList<SealedFile>>? FindFinished { get; init; }

    /// <summary>These files; null when they were not asked for, and then the views over them are not there.</summary>
    public IReadOnlyList<SealedFile>? Finished { get; init; }

    /// <summary>The snapshot with the files of finished days.</summary>
    public VaultSnapshot WithFinished() => this with { Finished = FindFinished?.Invoke() ?? [] };

    /// <summary>Lists the day files of candles; called only when a query names them. Null where there are none.</summary>
    public Func<IReadOnlyList<DayFileEntry>>? FindCandles { get; init; }

    /// <summary>These files; null when they were not asked for, and then the view over them is not there.</summary>
    public IReadOnlyList<DayFileEntry>? Candles { get; init; }

    /// <summary>The snapshot with the day files of candles.</summary>
    public VaultSnapshot WithCandles() => this with { Candles = FindCandles?.Invoke() ?? [] };

    /// <summary>
    /// Reads what was found of candles that open on some days, each as its line in <c>quality/candles/</c>; called only when a query names it. Null where there
    /// is none.
    /// </summary>
    public Func<Func<DateOnly, bool>, IEnumerable<JsonElement>>? CandleFindings { get; init; }

    /// <summary>Reads the minutes of some days that are proven to have had no trade; called only when a query needs them. Null where there are none.</summary>
    public Func<Func<DateOnly, bool>, IEnumerable<EmptyMinute>>? EmptyMinutes { get; init; }

    /// <summary>Looks at the segments of the tape; called only when a query names them, since it reads a little of each. Null where there is no tape.</summary>
    public Func<IReadOnlyList<SegmentInfo>>? Segments { get; init; }

    /// <summary>
    /// Derives what the answers log says of instruments; called only when a query needs it, since it reads all lists. Null where there is no answers log.
    /// </summary>
    public Func<IReadOnlyList<InstrumentSpan>>? Instruments { get; init; }

    /// <summary>
    /// Reads the gap ledger and what the tape behind it establishes up to the snapshot's position; called only when a query needs it. Null where there is no
    /// tape.
    /// </summary>
    public Func<GapReport>? Gaps { get; init; }
}

/// <summary>Takes a snapshot of a vault without locks and without a server.</summary>
/// <param name="vault">Absolute path.</param>
/// <param name="range">Only what touches it need be in the snapshot.</param>
public delegate VaultSnapshot SnapshotSource(string vault, QueryRange range);
