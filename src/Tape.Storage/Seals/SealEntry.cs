using System.Text.Json;
using System.Text.Json.Serialization;
using Tape.Storage.Journal;
using Tape.Storage.Schema;

namespace Tape.Storage.Seals;

/// <summary>One line of the seal log: a JSON object whose <c>entry</c> names its type.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "entry")]
[JsonDerivedType(typeof(FirstSealEntry), "seal")]
[JsonDerivedType(typeof(SupersedeEntry), "supersede")]
[JsonDerivedType(typeof(MergeEntry), "fold")]
[JsonDerivedType(typeof(CommitEntry), "commit")]
[JsonDerivedType(typeof(AbortEntry), "forget")]
[JsonDerivedType(typeof(ArchivedEntry), "archived")]
[JsonDerivedType(typeof(CheckpointEntry), "front")]
[JsonDerivedType(typeof(RetainedEntry), "kept")]
[JsonDerivedType(typeof(ReopenEntry), "reopen")]
[JsonDerivedType(typeof(HeadsEntry), "heads")]
public abstract record SealLogEntry([property: JsonPropertyOrder(-1)] long Id);

/// <summary>A range of a tape and the parts made of it. Files are listed whether or not they are in place yet.</summary>
/// <param name="Id">1, 2, 3… in the order of the log, over seals of all kinds.</param>
/// <param name="Tape">The tape's number, 16 hexadecimal digits.</param>
/// <param name="FromSeq">First record of the range.</param>
/// <param name="ToSeqExcl">Record after the last one.</param>
/// <param name="Decoder">Version of the decoders.</param>
/// <param name="Files">Parts of all tables; tables without rows have none.</param>
/// <param name="Streams">What the range holds, by stream.</param>
/// <param name="State">The state of derivation at the end of the range; opaque here.</param>
public abstract record SealEntry(long Id, string Tape, long FromSeq, long ToSeqExcl, string Decoder, IReadOnlyList<SealedFile> Files,
    IReadOnlyList<StreamStatistics> Streams, JsonElement? State)
    : SealLogEntry(Id)
{
    /// <summary>0 for a range as it was first sealed, n for the n-th time that it was derived again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Generation { get; init; }

    /// <summary>Frames of the range that could not be decoded; their bytes stay on the tape. Not written when 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Undecodable { get; init; }

    /// <summary>The first of them with their reasons; null when there are none.</summary>
    public IReadOnlyList<SealedFault>? Faults { get; init; }
}

/// <summary>A range of a tape is about to become parts for the first time.</summary>
public sealed record FirstSealEntry(long Id, string Tape, long FromSeq, long ToSeqExcl, string Decoder, IReadOnlyList<SealedFile> Files,
    IReadOnlyList<StreamStatistics> Streams, JsonElement? State)
    : SealEntry(Id, Tape, FromSeq, ToSeqExcl, Decoder, Files, Streams, State);

/// <summary>
/// A committed range is about to be replaced as a whole by what the tape derives to now. Until its commit readers see the old files, from then on the new ones.
/// </summary>
public sealed record SupersedeEntry(long Id, string Tape, long FromSeq, long ToSeqExcl, string Decoder, IReadOnlyList<SealedFile> Files,
    IReadOnlyList<StreamStatistics> Streams, JsonElement? State)
    : SealEntry(Id, Tape, FromSeq, ToSeqExcl, Decoder, Files, Streams, State)
{
    /// <summary>Number of the seal that it replaces; the range is the same.</summary>
    public required long Replaces { get; init; }
}

/// <summary>
/// The parts of a finished day are about to be folded, row for row, into one file for each table and venue. Seals stay as they are; from the commit on their
/// rows of the day are read from the folded files.
/// </summary>
public sealed record MergeEntry(long Id, string Tape, long FromSeq, long ToSeqExcl, string Decoder, IReadOnlyList<SealedFile> Files,
    IReadOnlyList<StreamStatistics> Streams, JsonElement? State)
    : SealEntry(Id, Tape, FromSeq, ToSeqExcl, Decoder, Files, Streams, State);

/// <summary>A frame that could not be decoded.</summary>
/// <param name="TapeSeq">Its number on the tape.</param>
/// <param name="Conn">Its connection.</param>
/// <param name="Reason">Why.</param>
public sealed record SealedFault(long TapeSeq, long Conn, string Reason);

/// <summary>The files of a seal are in place: from here on readers see it.</summary>
public sealed record CommitEntry(long Id) : SealLogEntry(Id)
{
    /// <summary>The files as they are, when a seal was done again and its rows came out in other bytes than announced; otherwise null.</summary>
    public IReadOnlyList<SealedFile>? Files { get; init; }

    /// <summary>How far the other logs had come; null: as before.</summary>
    public VaultHeads? Heads { get; init; }
}

/// <summary>A log was made again on purpose: from here on its new head counts.</summary>
/// <param name="Id">The highest number in use.</param>
/// <param name="Heads">Of all other logs.</param>
public sealed record HeadsEntry(long Id, VaultHeads Heads) : SealLogEntry(Id);

/// <summary>The announced seal or replacement is given up and none of its files is in place; the range stays as it was before.</summary>
public sealed record AbortEntry(long Id) : SealLogEntry(Id);

/// <summary>The files that replacement or fold <paramref name="Id"/> put out of use are no longer in the tables' folders.</summary>
public sealed record ArchivedEntry(long Id) : SealLogEntry(Id);

/// <summary>A part.</summary>
/// <param name="Table">Table name.</param>
/// <param name="Venue">Venue name.</param>
/// <param name="Day">UTC day of ts_recv.</param>
/// <param name="Path">Relative to the vault, with '/'.</param>
/// <param name="Rows">Rows in it.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Hash">Hash of its rows (<see cref="RowHash"/>).</param>
/// <param name="ReceivedMin">Earliest ts_recv, nanoseconds since the epoch.</param>
/// <param name="ReceivedMax">Latest ts_recv.</param>
public sealed record SealedFile(string Table, string Venue, DateOnly Day, string Path, long Rows, long Bytes, string Hash, long ReceivedMin, long ReceivedMax)
{
    /// <summary><see cref="PartChecksum"/> of the file.</summary>
    public string? Checksum { get; init; }

    /// <summary><see cref="RawSchema.Layout"/> of the program that wrote it. Not written for layout 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Layout { get; init; }

    /// <summary>
    /// Of a part in a <see cref="RetainedEntry"/>: its rows are in the folded file of its table, venue and day that the <see cref="CheckpointEntry"/> names.
    /// Not written when false.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Folded { get; init; }

    /// <summary>
    /// The folded file that holds these rows now, among others; the part at <see cref="Path"/> is then gone. Null while they are in a part of their own.
    /// </summary>
    [JsonIgnore]
    public SealedFile? Fold { get; init; }

    /// <summary>
    /// Of a folded file: ranges whose rows in it do not count any more, because a later generation has them in parts of its own; <see cref="Rows"/> and
    /// <see cref="Hash"/> are then without them.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<SeqRange> Except { get; init; } = [];
}

/// <summary>Records of the tape, from the first to before the last.</summary>
public readonly record struct SeqRange(long FromSeq, long ToSeqExcl);

/// <summary>What a range of the tape holds of one stream.</summary>
/// <param name="Exchange">Venue name.</param>
/// <param name="Channel">Channel name.</param>
/// <param name="Symbol">Symbol as sent.</param>
/// <param name="Frames">Frames on the tape.</param>
/// <param name="Rows">Rows in the tables.</param>
/// <param name="FirstReceived">Receive time of the first frame, nanoseconds since the epoch; null without frames.</param>
/// <param name="LastReceived">Receive time of the last frame.</param>
/// <param name="Dropped">Frames that were received and not stored.</param>
public sealed record StreamStatistics(string Exchange, string Channel, string Symbol, long Frames, long Rows, long? FirstReceived, long? LastReceived,
    long Dropped)
{
    /// <summary>Adds up what is of the same stream, in the order of (exchange, channel, symbol).</summary>
    public static IReadOnlyList<StreamStatistics> Sum(IEnumerable<StreamStatistics> streams) =>
    [
        .. streams
            .GroupBy(stream => (stream.Exchange, stream.Channel, stream.Symbol))
            .Select(group => group.Aggregate((sum, stream) => sum.Plus(stream)))
            .OrderBy(stream => stream.Exchange, StringComparer.Ordinal).ThenBy(stream => stream.Channel, StringComparer.Ordinal)
                .ThenBy(stream => stream.Symbol, StringComparer.Ordinal),
    ];

    /// <summary>The same stream over this range and another.</summary>
    public StreamStatistics Plus(StreamStatistics other) => this with
    {
        Frames = Saturating.Add(Frames, other.Frames),
        Rows = Saturating.Add(Rows, other.Rows),
        FirstReceived = Nullable.Compare(FirstReceived ?? other.FirstReceived, other.FirstReceived ?? FirstReceived) <= 0
            ? FirstReceived ?? other.FirstReceived : other.FirstReceived,
        LastReceived = Nullable.Compare(LastReceived, other.LastReceived) >= 0 ? LastReceived : other.LastReceived,
        Dropped = Saturating.Add(Dropped, other.Dropped),
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SealLogEntry))]
internal sealed partial class SealJson : JsonSerializerContext;
