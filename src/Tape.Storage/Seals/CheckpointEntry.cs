using System.Text.Json;
using System.Text.Json.Serialization;
using Tape.Storage.Journal;

namespace Tape.Storage.Seals;

/// <summary>
/// The first line of a log that was shortened, and of each of its archives: what readers need of the seals before the next line, which are in archives. A log
/// without it holds all of its seals itself.
/// </summary>
/// <param name="Id">The highest number in use when it was written.</param>
/// <param name="Tape">The tape of these seals.</param>
/// <param name="ToSeqExcl">Record after the last of them.</param>
/// <param name="Kept">How many seals follow as <see cref="RetainedEntry"/>; fewer are damage.</param>
/// <param name="Archives">Where they are, in the order of the ranges; empty in the front of an archive.</param>
/// <param name="Files">The files that hold their rows, and every folded file; empty in the front of an archive.</param>
/// <param name="Streams">What they brought, each stream once.</param>
/// <param name="State">The state of derivation at the end of the last one; null before the first.</param>
public sealed record CheckpointEntry(
    long Id, string Tape, long ToSeqExcl, int Kept, IReadOnlyList<SealArchive> Archives, IReadOnlyList<SealedFile> Files,
        IReadOnlyList<StreamStatistics> Streams, JsonElement? State) : SealLogEntry(Id)
{
    /// <summary>How many they are.</summary>
    public int Seals { get; init; }

    /// <summary>Lines of the logs in whose place this one is. Not written when 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long LinesBefore { get; init; }

    /// <summary>How far the other logs had come.</summary>
    public VaultHeads? Heads { get; init; }

    /// <summary>Frames of them that could not be decoded. Not written when 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Undecodable { get; init; }
}

/// <summary>
/// A committed seal behind a <see cref="CheckpointEntry"/>, in its newest generation and without a commit of its own. Ranges follow one another.
/// </summary>
public sealed record RetainedEntry(long Id, string Tape, long FromSeq, long ToSeqExcl, string Decoder, IReadOnlyList<SealedFile> Files,
    IReadOnlyList<StreamStatistics> Streams, JsonElement? State)
    : SealEntry(Id, Tape, FromSeq, ToSeqExcl, Decoder, Files, Streams, State)
{
    /// <summary>The form in which a committed seal is kept.</summary>
    /// <param name="files">Its files as they are to be written.</param>
    public static RetainedEntry Of(SealEntry seal, IReadOnlyList<SealedFile> files) =>
        new(seal.Id, seal.Tape, seal.FromSeq, seal.ToSeqExcl, seal.Decoder, files, seal.Streams, seal.State)
        {
            Generation = seal.Generation,
            Undecodable = seal.Undecodable,
            Faults = seal.Faults,
        };
}

/// <summary>From here on the seals of this archive and of those behind it count as lines of the log: one of their ranges is about to be replaced.</summary>
/// <param name="FromSeq">First record of the archive.</param>
public sealed record ReopenEntry(long Id, long FromSeq) : SealLogEntry(Id);

/// <summary>A file of seals that are no longer in the log itself.</summary>
/// <param name="Path">Relative to the vault, with '/'.</param>
/// <param name="FromSeq">First record of its first seal.</param>
/// <param name="ToSeqExcl">Record after the last one.</param>
/// <param name="Seals">Seals in it.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="ReceivedMin">Earliest receive time of a frame in them; null without frames.</param>
/// <param name="ReceivedMax">Latest receive time.</param>
public sealed record SealArchive(string Path, long FromSeq, long ToSeqExcl, int Seals, long Bytes, long? ReceivedMin, long? ReceivedMax);
