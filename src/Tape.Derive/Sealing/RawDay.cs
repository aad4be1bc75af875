using Tape.Storage.Compaction;
using Tape.Storage.Schema;
using Tape.Storage.Seals;

namespace Tape.Derive.Sealing;

/// <summary>The sealed rows of a UTC day of ts_recv.</summary>
/// <param name="Day">The day.</param>
/// <param name="Files">The RAW files that hold them; empty for a day without rows.</param>
public sealed record RawDay(DateOnly Day, IReadOnlyList<SealedFile> Files)
{
    /// <summary>Its rows by table and then venue.</summary>
    public IReadOnlyList<RawTotal> Totals =>
    [
        .. Files.GroupBy(file => (file.Table, file.Venue)).OrderBy(group => group.Key.Table, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Venue, StringComparer.Ordinal).Select(group =>
            new RawTotal(group.Key.Table, group.Key.Venue, group.SaturatingSum(file => file.Rows),
                group.Aggregate(default(RowHash), (sum, file) => sum + RowHash.Parse(file.Hash)).ToString())),
    ];

    /// <summary>Its files of one table and venue.</summary>
    public IReadOnlyList<SealedFile> FilesOf(RawTotal total) => [.. Files.Where(file => (file.Table, file.Venue) == (total.Table, total.Venue))];

    /// <summary>The first instant after the day.</summary>
    public static UnixNanos EndOf(DateOnly day) => UnixNanos.From(new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero));
}
