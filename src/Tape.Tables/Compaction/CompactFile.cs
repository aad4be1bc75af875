using Tape.Storage.Schema;
using Tape.Tables.Parts;

namespace Tape.Tables.Compaction;

/// <summary>What was written for one table and venue of a day, as read back from the file.</summary>
/// <param name="Written">The file.</param>
/// <param name="Duplicates">RAW rows that were left out.</param>
/// <param name="DuplicatesHash">Their hash.</param>
public sealed record CompactFile(PartFile Written, long Duplicates, RowHash DuplicatesHash);
