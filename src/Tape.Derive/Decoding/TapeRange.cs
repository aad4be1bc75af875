using System.Text.Json;
using Tape.Core.Files;
using Tape.Derive.Rows;
using Tape.Storage.Seals;
using Tape.Storage.Tapes;
using Tape.Venues.Contract;

namespace Tape.Derive.Decoding;

/// <summary>Where the sealed part of a tape ends, and deriving from there on.</summary>
public static class TapeRange
{
    /// <summary>The folder of a vault's tape.</summary>
    public static string Folder(string vault) => Path.Combine(vault, "tape");

    /// <summary>The place after the last committed seal, with the state of derivation there; the start of the tape without seals.</summary>
    public static (long FromSeq, DerivationState State) After(IReadOnlyList<SealEntry> committed) =>
        committed.Count == 0 ? (0, DerivationState.Start) : (committed[^1].ToSeqExcl, StateOf(committed[^1].State));

    /// <summary>The state of derivation at the start of a seal's range.</summary>
    /// <param name="front">What stands for the seals before the first of these; null when it is the first of all.</param>
    public static DerivationState StateBefore(IReadOnlyList<SealEntry> committed, int index, CheckpointEntry? front = null) =>
        StateOf(index == 0 ? front?.State : committed[index - 1].State);

    /// <summary>The state of derivation at the end of a seal's range.</summary>
    public static DerivationState StateAfter(SealEntry seal) => StateOf(seal.State);

    /// <summary>Derives a range again, whole.</summary>
    public static RowDeriver Derive(IFiles files, string vault, long fromSeq, long toSeqExcl, DerivationState state, Func<string, IVenue?> venues)
    {
        var deriver = new RowDeriver(state, venues);
        using var reader = TapeReader.Open(files, Folder(vault), fromSeq);
        while (reader.NextSeq < toSeqExcl && reader.TryRead(out var record)) deriver.Take(record);
        return deriver;
    }

    /// <summary>What the streams brought, in the form of the seal log, in a fixed order.</summary>
    public static IReadOnlyList<StreamStatistics> Statistics(RowDeriver deriver) =>
    [
        .. deriver.Streams
            .OrderBy(tally => tally.Key.Venue, StringComparer.Ordinal).ThenBy(tally => tally.Key.Channel, StringComparer.Ordinal)
                .ThenBy(tally => tally.Key.Symbol, StringComparer.Ordinal)
            .Select(tally => new StreamStatistics(
                tally.Key.Venue, tally.Key.Channel, tally.Key.Symbol, tally.Frames, tally.Rows,
                tally.Frames == 0 ? null : tally.FirstReceived, tally.Frames == 0 ? null : tally.LastReceived, tally.Dropped)),
    ];

    private static DerivationState StateOf(JsonElement? saved) => saved is { } state ? DerivationState.Parse(state.GetRawText()) : DerivationState.Start;
}
