namespace Tape.Storage.Schema;

/// <summary>The range of a tape that a seal covers, and the code that decoded it.</summary>
/// <param name="TapeId">The tape's random number.</param>
/// <param name="FromSeq">First record.</param>
/// <param name="ToSeqExcl">Record after the last one; greater than <paramref name="FromSeq"/>.</param>
/// <param name="DecoderVersion">Version of the decoders.</param>
/// <param name="Generation">0 for the first seal of the range, n for the n-th time that it was derived again.</param>
public readonly record struct PartOrigin(ulong TapeId, long FromSeq, long ToSeqExcl, string DecoderVersion, int Generation = 0)
{
    /// <summary>The tape's number as in file names: 16 hexadecimal digits.</summary>
    public string TapeIdText => TapeId.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
