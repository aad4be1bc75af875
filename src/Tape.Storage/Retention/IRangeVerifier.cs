using Tape.Storage.Seals;
using Tape.Storage.Segments;
using Tape.Storage.Tapes;

namespace Tape.Storage.Retention;

/// <summary>Derives sealed ranges again and compares them with what their seals say.</summary>
public interface IRangeVerifier
{
    /// <summary>Version of the decoders that it derives with.</summary>
    string DecoderVersion { get; }

    /// <summary>Verifies one seal. Its records are on the tape.</summary>
    /// <param name="before">The seal before it, whose state derivation begins with; null for the first.</param>
    /// <param name="cuts">Records inside the range at which the sums are split, rising.</param>
    /// <param name="undecodable">Hears of every frame that can't be decoded.</param>
    Task<RangeVerdict> VerifyAsync(SealEntry seal, SealEntry? before, IReadOnlyList<long> cuts, UndecodableTaker undecodable, Pace pace,
        CancellationToken cancel);
}

/// <summary>Takes a frame that can't be decoded; the record is valid during the call only.</summary>
/// <param name="record">The frame.</param>
/// <param name="reason">Why it can't be decoded.</param>
public delegate void UndecodableTaker(in TapeRecord record, string reason);

/// <summary>What verifying a seal gave.</summary>
/// <param name="Fault">What differs, as a sentence; null when nothing does.</param>
/// <param name="Pieces">What the pieces between the cuts derive to, one more than there are cuts.</param>
public sealed record RangeVerdict(string? Fault, IReadOnlyList<RangeRows> Pieces);
