using Tape.Storage.Seals;

namespace Tape.Derive.Sealing;

/// <summary>Merged files of a day that are written and proven, and wait in <c>tmp/</c> for the owner of the seal log.</summary>
/// <param name="Day">UTC day of ts_recv.</param>
/// <param name="Files">As they will be, with their place in <c>tmp/</c>.</param>
/// <param name="Sources">The files whose rows they hold, in the order of <paramref name="Files"/>.</param>
public sealed record DayMerge(DateOnly Day, IReadOnlyList<(SealedFile File, string Temporary)> Files, IReadOnlyList<IReadOnlyList<SealedFile>> Sources);

/// <summary>What merging a day gave.</summary>
/// <param name="Day">UTC day of ts_recv.</param>
/// <param name="FilesBefore">RAW files that held the day's rows.</param>
/// <param name="FilesAfter">RAW files that hold them now.</param>
/// <param name="FilesLeft">Parts that stay in the folders because somebody has them open; they count no more, and opening the seal log again removes
/// them.</param>
public sealed record MergeReport(DateOnly Day, int FilesBefore, int FilesAfter, int FilesLeft);
