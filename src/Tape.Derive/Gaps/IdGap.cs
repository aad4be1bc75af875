using Tape.Storage.Gaps;

namespace Tape.Derive.Gaps;

/// <summary>Ids that were left out so far: they may still come, out of order or over another connection. Kept as JSON in the tracker's state.</summary>
/// <param name="Low">The lowest id of this piece.</param>
/// <param name="High">The highest one.</param>
/// <param name="Whole">The whole gap as it was reported; null before.</param>
/// <param name="Steady">When it showed, on the clock of ticks.</param>
internal sealed record IdGap(
    long Low, long High, IdGap.Told? Whole, GapCause Cause, long From, long To, long ConnBefore, long ConnAfter, long SeqBefore, long SeqAfter, long Steady)
{
    /// <summary>The ids that were reported to the ledger as missing.</summary>
    public sealed record Told(long Low, long High);

    public GapEntry Entry(int stream, bool counts, bool repaired, long atSeq)
    {
        var (low, high) = Whole is { } told ? (told.Low, told.High) : (Low, High);
        return new(stream, Cause, From, To, low, high, counts ? Saturating.Count(low, high) : Absent.Integer, repaired, ConnBefore, ConnAfter, SeqBefore,
            SeqAfter, atSeq);
    }

    /// <summary>What is left of it without some ids.</summary>
    public IEnumerable<IdGap> Without(long first, long last)
    {
        if (Low < first) yield return this with { High = Math.Min(High, first - 1) };
        if (High > last) yield return this with { Low = Math.Max(Low, last + 1) };
    }

    public bool Meets(long first, long last) => Low <= last && High >= first;
}
