using System.Text.Json;
using Tape.Storage.Seals;

namespace Tape.Derive.Decoding;

/// <summary>Where the sealed part of a tape ends, and the state of derivation at its seals.</summary>
public static class TapeRange
{
    /// <summary>The folder of a vault's tape.</summary>
    public static string Folder(string vault) => Path.Combine(vault, "tape");

    /// <summary>The place after the last committed seal, with the state of derivation there; the start of the tape without seals.</summary>
    public static (long FromSeq, DerivationState State) After(IReadOnlyList<SealEntry> committed) =>
        committed.Count == 0 ? (0, DerivationState.Start) : (committed[^1].ToSeqExcl, StateOf(committed[^1].State));

    /// <summary>The state of derivation at the start of a seal's range.</summary>
    /// <param name="checkpoint">What stands for the seals before the first of these; null when it is the first of all.</param>
    public static DerivationState StateBefore(IReadOnlyList<SealEntry> committed, int index, CheckpointEntry? checkpoint = null) =>
        StateOf(index == 0 ? checkpoint?.State : committed[index - 1].State);

    /// <summary>The state of derivation at the end of a seal's range.</summary>
    public static DerivationState StateAfter(SealEntry seal) => StateOf(seal.State);

    private static DerivationState StateOf(JsonElement? saved) => saved is { } state ? DerivationState.Parse(state.GetRawText()) : DerivationState.Start;
}
