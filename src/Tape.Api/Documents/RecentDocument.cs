using System.Text.Json.Serialization;
using Tape.Api.Live;
using Tape.Derive.Activity;

namespace Tape.Api.Documents;

/// <summary>The last 15 minutes.</summary>
/// <param name="Frames">Frames on the tape.</param>
/// <param name="Dropped">Frames declared dropped.</param>
/// <param name="Interruptions">Connections lost, drops declared, pauses of storage and crashes.</param>
/// <param name="Gaps">Gaps that began within the time; null until the gap ledger was read.</param>
/// <param name="StreamsInGap">Streams of which nothing is received; null until then too.</param>
/// <param name="GapsAsOf">The moment on the tape up to which the ledger was read: absent until then, null for an empty tape.</param>
/// <param name="Minutes">The oldest first; the last one is not over.</param>
public sealed record RecentDocument(long Frames, long Dropped, int Interruptions, int? Gaps, int? StreamsInGap,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? GapsAsOf, IReadOnlyList<MinuteDocument> Minutes)
{
    internal static RecentDocument Of(IReadOnlyList<ActivityMinute> minutes, RecentGaps? gaps) => new(
        minutes.Sum(minute => minute.Frames), minutes.Sum(minute => minute.Dropped), minutes.Sum(minute => minute.Interruptions), gaps?.Count, gaps?.Open,
        gaps?.AsOf?.ToString(), [.. minutes.Select(minute => MinuteDocument.Of(minute, gaps))]);
}

/// <summary>One minute of recording.</summary>
/// <param name="Start">Its beginning.</param>
/// <param name="Frames">Frames on the tape.</param>
/// <param name="FrameBytes">Their bytes.</param>
/// <param name="Dropped">Frames declared dropped.</param>
/// <param name="Interruptions">Connections lost, drops declared, pauses of storage and crashes.</param>
/// <param name="Gaps">Gaps that began in it; null where the ledger was not read that far.</param>
public sealed record MinuteDocument(string Start, long Frames, long FrameBytes, long Dropped, int Interruptions, int? Gaps)
{
    internal static MinuteDocument Of(ActivityMinute minute, RecentGaps? gaps) => new(
        minute.Start.ToString(), minute.Frames, minute.FrameBytes, minute.Dropped, minute.Interruptions,
        gaps?.AsOf >= minute.Start ? gaps.Begun.GetValueOrDefault(minute.Start.Value) : null);
}
