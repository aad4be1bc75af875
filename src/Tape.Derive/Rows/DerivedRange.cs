using Tape.Derive.Decoding;
using Tape.Storage.Seals;
using Tape.Storage.Tapes;
using Tape.Tables.Rows;
using Tape.Venues.Contract;

namespace Tape.Derive.Rows;

/// <summary>What a range of the tape derived to: all that a seal says of it.</summary>
/// <param name="Rows">Rows of all tables; the deriver's own until it begins with others.</param>
/// <param name="State">The state of derivation at the end of the range.</param>
/// <param name="Streams">What each stream brought, in a fixed order.</param>
/// <param name="Undecodable">Frames that could not be decoded.</param>
/// <param name="Faults">The first of them.</param>
public sealed record DerivedRange(RowSet Rows, DerivationState State, IReadOnlyList<StreamStatistics> Streams, long Undecodable,
    IReadOnlyList<UndecodableFrame> Faults)
{
    /// <summary>What a deriver took in since it was cleared.</summary>
    public static DerivedRange Of(RowDeriver deriver) =>
        new(deriver.Rows, deriver.State, deriver.Statistics(), deriver.Undecodable, [.. deriver.Faults]);

    /// <summary>Derives a range again, whole.</summary>
    public static DerivedRange Derive(IFiles files, string vault, long fromSeq, long toSeqExcl, DerivationState state, Func<string, IVenue?> venues)
    {
        var deriver = new RowDeriver(state, venues);
        using var reader = TapeReader.Open(files, TapeRange.Folder(vault), fromSeq);
        while (reader.NextSeq < toSeqExcl && reader.TryRead(out var record)) deriver.Take(record);
        return Of(deriver);
    }
}
