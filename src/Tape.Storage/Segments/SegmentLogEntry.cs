using System.Text.Json.Serialization;
using Tape.Storage.Journal;

namespace Tape.Storage.Segments;

/// <summary>One line of <c>tape/segments.log</c>: a JSON object whose <c>entry</c> names its type. All are kept for ever.</summary>
/// <param name="Tape">The tape's id, 16 hexadecimal digits.</param>
/// <param name="FirstSeq">First record of the segment that it is about.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "entry")]
[JsonDerivedType(typeof(SegmentEntry), "segment")]
[JsonDerivedType(typeof(VerifiedEntry), "verified")]
[JsonDerivedType(typeof(ExpiredEntry), "expired")]
public abstract record SegmentLogEntry([property: JsonPropertyOrder(-1)] string Tape, [property: JsonPropertyOrder(-1)] long FirstSeq)
{
    /// <summary>How far the seal log had come; null in lines of earlier programs.</summary>
    public LogHead? Seals { get; init; }
}

/// <summary>A finished segment, as it was when it was about to be compressed.</summary>
/// <param name="NextSeq">Number after its last record.</param>
/// <param name="MinTime">Earliest time of a record, nanoseconds since the epoch; null without records.</param>
/// <param name="MaxTime">Latest time of a record.</param>
/// <param name="Bytes">Length of the plain form.</param>
/// <param name="CompressedBytes">Length of the compressed form.</param>
/// <param name="Sha256">SHA-256 of the plain form, lower-case hex.</param>
/// <param name="Records">Records per kind.</param>
public sealed record SegmentEntry(string Tape, long FirstSeq, long NextSeq, long? MinTime, long? MaxTime, long Bytes, long CompressedBytes, string Sha256,
    IReadOnlyDictionary<string, long> Records)
    : SegmentLogEntry(Tape, FirstSeq);

/// <summary>All seals that hold records of the segment were derived again and found the same.</summary>
/// <param name="At">When, nanoseconds since the epoch.</param>
/// <param name="Decoder">Version of the decoders.</param>
/// <param name="Rows">What the segment's own records derive to.</param>
/// <param name="Through">End of the last of those seals: where the next segment's verification goes on.</param>
/// <param name="Beyond">What the records between the segment's end and <paramref name="Through"/> derive to, one entry for each segment that they reach
/// into.</param>
public sealed record VerifiedEntry(string Tape, long FirstSeq, long At, string Decoder, RangeRows Rows, long Through, IReadOnlyList<RangeRows> Beyond)
    : SegmentLogEntry(Tape, FirstSeq);

/// <summary>The segment is deleted, or about to be.</summary>
/// <param name="At">When, nanoseconds since the epoch.</param>
/// <param name="Why">Which rule: <c>age</c> or <c>size</c>.</param>
public sealed record ExpiredEntry(string Tape, long FirstSeq, long At, string Why) : SegmentLogEntry(Tape, FirstSeq);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SegmentLogEntry))]
internal sealed partial class SegmentLogJson : JsonSerializerContext;
