namespace Tape.Storage.Tapes;

/// <summary>A segment of a tape as it is now.</summary>
/// <param name="Path">The file of its plain form, which a compressed segment does not have any more.</param>
/// <param name="Bytes">Length of the plain form, an unfinished tail included.</param>
/// <param name="FirstSeq">Number of its first record.</param>
/// <param name="NextSeq">Number after its last whole record; equal to <paramref name="FirstSeq"/> when it holds none.</param>
/// <param name="MinTime">Earliest time of a record; null without records.</param>
/// <param name="MaxTime">Latest time of a record; null without records.</param>
/// <param name="IsFinished">Whether a later segment follows, so that this one never changes again.</param>
public sealed record SegmentInfo(string Path, long TapeId, long FirstSeq, long NextSeq, long Bytes, UnixNanos? MinTime, UnixNanos? MaxTime, bool IsFinished)
{
    /// <summary>Length of the compressed file; null while it is plain.</summary>
    public long? CompressedBytes { get; init; }

    /// <summary>The file that is there.</summary>
    public string FilePath => CompressedBytes is null ? Path : System.IO.Path.ChangeExtension(Path, Format.TapeFormat.CompressedSuffix);

    /// <summary>Bytes that it takes on the disk.</summary>
    public long StoredBytes => CompressedBytes ?? Bytes;
}
