using System.Security.Cryptography;
using Tape.Storage.Tapes.Format;

namespace Tape.Storage.Retention;

/// <summary>What a finished segment holds, from reading all of it.</summary>
/// <param name="NextSeq">Number after its last record.</param>
/// <param name="MinTime">Earliest time of a record, nanoseconds since the epoch; null without records.</param>
/// <param name="MaxTime">Latest time of a record.</param>
/// <param name="Bytes">Length of the plain form.</param>
/// <param name="Sha256">SHA-256 of the plain form, lower-case hex.</param>
/// <param name="Records">Records per kind, kinds of newer programs by their number.</param>
internal sealed record SegmentDigest(long NextSeq, long? MinTime, long? MaxTime, long Bytes, string Sha256, SortedDictionary<string, long> Records)
{
    /// <summary>Reads a segment from end to end and checks every block.</summary>
    /// <exception cref="DamagedException">Anything but whole blocks up to the end of the file.</exception>
    public static async Task<SegmentDigest> ReadAsync(IFileHandle file, TapeSegmentFile segment, Pace pace, CancellationToken cancel)
    {
        if (segment.CheckHeader(file) is { } fault) throw TapeDamageText.Exception(segment.Path, 0, fault);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var reader = new BlockReader(segment.TapeId);
        var index = new SegmentIndexBuilder(segment.TapeId, segment.FirstSeq);
        var kinds = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var (offset, nextSeq) = ((long)SegmentHeader.Bytes, segment.FirstSeq);
        Add(hash, file, 0, SegmentHeader.Bytes);
        BlockOutcome outcome;
        for (; (outcome = reader.Read(file, offset)) == BlockOutcome.Good; offset += BlockHeader.Bytes + reader.Header.PayloadBytes)
        {
            if (reader.Header.FirstSeq != nextSeq)
                throw TapeDamageText.Exception(segment.Path, offset, $"a block that begins with record {reader.Header.FirstSeq}, expected {nextSeq}");
            Add(hash, file, offset, BlockHeader.Bytes);
            hash.AppendData(reader.Payload);
            index.Add(offset, reader.Header);
            Count(kinds, reader, segment, offset);
            nextSeq = reader.Header.NextSeq;
            await pace.RestAsync(cancel).ConfigureAwait(false);
        }
        if (outcome != BlockOutcome.End) throw TapeDamageText.Exception(segment.Path, offset, reader.Found);
        return From(index.Finish(offset), Convert.ToHexStringLower(hash.GetHashAndReset()), kinds);
    }

    /// <summary>Whether both are of the same bytes.</summary>
    public bool IsSame(SegmentDigest other) => (NextSeq, Bytes, Sha256) == (other.NextSeq, other.Bytes, other.Sha256);

    private static SegmentDigest From(SegmentIndex index, string hash, SortedDictionary<string, long> kinds)
    {
        var isEmpty = index.Entries.Length == 0;
        return new(index.NextSeq, isEmpty ? null : index.MinTime, isEmpty ? null : index.MaxTime, index.SegmentBytes, hash, kinds);
    }

    private static void Add(IncrementalHash hash, IFileHandle file, long offset, int bytes)
    {
        Span<byte> buffer = stackalloc byte[BlockHeader.Bytes];
        hash.AppendData(buffer[..file.Read(offset, buffer[..bytes])]);
    }

    private static void Count(SortedDictionary<string, long> kinds, BlockReader reader, TapeSegmentFile segment, long offset)
    {
        for (var cursor = new RecordCursor(reader.Header); cursor.Left > 0;)
        {
            if (cursor.Read(reader.Payload, out var record) is { } fault) throw TapeDamageText.Exception(segment.Path, offset, fault);
            var kind = Enum.IsDefined(record.Kind) ? record.Kind.ToString().ToLowerInvariant() : $"kind {(int)record.Kind}";
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        }
    }
}
