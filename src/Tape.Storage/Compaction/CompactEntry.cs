using System.Text.Json.Serialization;
using Tape.Storage.Schema;

namespace Tape.Storage.Compaction;

/// <summary>One line of <c>compact/compact.log</c>: a JSON object whose <c>entry</c> names its type.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "entry")]
[JsonDerivedType(typeof(CompactDay), "day")]
public abstract record CompactEntry;

/// <summary>
/// A finished day whose files are in place and were proven against the RAW rows. A later line of the same day stands in the place of an earlier one.
/// </summary>
/// <param name="Day">UTC day of ts_recv.</param>
/// <param name="Generation">0 for the first time, n for the n-th time that it was made again.</param>
/// <param name="Tables">One for each table and venue with rows, by table and then venue; empty for a day without rows.</param>
/// <param name="RawFiles">RAW files that it was made from.</param>
public sealed record CompactDay(DateOnly Day, int Generation, IReadOnlyList<CompactTable> Tables, int RawFiles) : CompactEntry
{
    /// <summary>Whether it was made from exactly these RAW rows.</summary>
    public bool IsOf(IReadOnlyList<RawTotal> totals) => Tables.Select(table => table.Raw).SequenceEqual(totals);
}

/// <summary>The file of one table and venue.</summary>
/// <param name="Raw">The RAW rows that it was made from.</param>
/// <param name="Path">Relative to the vault, with '/'.</param>
/// <param name="Rows">Rows in it; with <paramref name="Duplicates"/> they are all RAW rows.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Hash">Hash of its rows.</param>
/// <param name="Checksum">CRC-32C of the file.</param>
/// <param name="Duplicates">RAW rows that were left out because another connection had brought the same event before.</param>
/// <param name="DuplicatesHash">Their hash: with <paramref name="Hash"/> it adds up to that of the RAW rows.</param>
public sealed record CompactTable(RawTotal Raw, string Path, long Rows, long Bytes, string Hash, string Checksum, long Duplicates, string DuplicatesHash)
{
    /// <summary><see cref="RawSchema.Layout"/> of the program that wrote it. Not written for layout 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Layout { get; init; }
}

/// <summary>All RAW rows of one table, venue and day.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Hash">Sum of their hashes.</param>
public sealed record RawTotal(string Table, string Venue, long Rows, string Hash)
{
    /// <summary>Places in a list in the order in which their files are best written: none of the largest is left for last, and for one lane.</summary>
    public static IReadOnlyList<int> LargestFirst(IReadOnlyList<RawTotal> totals) =>
        [.. Enumerable.Range(0, totals.Count).OrderByDescending(number => totals[number].Rows)];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CompactEntry))]
internal sealed partial class CompactJson : JsonSerializerContext;
