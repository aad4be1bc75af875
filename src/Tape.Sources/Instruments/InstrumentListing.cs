namespace Tape.Sources.Instruments;

/// <summary>A venue's list of instruments that stands on the answers log.</summary>
/// <param name="Instruments">In the order of their symbols.</param>
/// <param name="Seq">The answer's record on the answers log.</param>
/// <param name="At">When the list was last received, by our clock: that answer, or a later one that said the same.</param>
/// <param name="Rejected">A sentence for each entry that was left out.</param>
public sealed record InstrumentListing(IReadOnlyList<Instrument> Instruments, long Seq, UnixNanos At, IReadOnlyList<string> Rejected)
{
    /// <summary>How many are traded now.</summary>
    public int Trading => Instruments.Count(instrument => instrument.IsTrading);
}
