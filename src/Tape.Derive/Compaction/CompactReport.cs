using Tape.Storage.Compaction;

namespace Tape.Derive.Compaction;

/// <summary>What compacting a day gave.</summary>
/// <param name="Day">What was committed.</param>
/// <param name="RawBytes">Bytes of its RAW files.</param>
/// <param name="IsLeft">Files of an earlier generation stay because somebody has them open; they count no more, and opening again removes them.</param>
public sealed record CompactReport(CompactDay Day, long RawBytes, bool IsLeft)
{
    public long RawRows => Day.Tables.SaturatingSum(table => table.Raw.Rows);

    public long Rows => Day.Tables.SaturatingSum(table => table.Rows);

    public long Duplicates => Day.Tables.SaturatingSum(table => table.Duplicates);

    public long Bytes => Day.Tables.SaturatingSum(table => table.Bytes);
}
