using Tape.Storage.Journal;

namespace Tape.Storage.Segments;

/// <summary>What <c>segments.log</c> says about one segment.</summary>
public sealed record SegmentStory(SegmentEntry Segment, VerifiedEntry? Verified, ExpiredEntry? Expired);

/// <summary>What <c>segments.log</c> says about all segments, in the order of their records.</summary>
public sealed class SegmentHistory
{
    internal static readonly LineFormat<SegmentLogEntry> Format = new(
        "The tape itself is not touched by this. Restore the log from a backup, or move it away: what is still on the tape is listed again, what has expired "
            + "is then not known any more.",
        SegmentLogJson.Default.SegmentLogEntry);

    private readonly SortedDictionary<long, SegmentStory> _stories = [];

    /// <summary>The segments by their first record.</summary>
    public IReadOnlyCollection<SegmentStory> Segments => _stories.Values;

    /// <summary>The last segment that has expired; null when none has.</summary>
    public SegmentStory? LastExpired => _stories.Values.LastOrDefault(story => story.Expired is not null);

    /// <summary>The last segment that was verified; null when none was.</summary>
    public SegmentStory? LastVerified => _stories.Values.LastOrDefault(story => story.Verified is not null);

    /// <summary>The log's path.</summary>
    public static string PathOf(string tapeFolder) => Path.Combine(tapeFolder, "segments.log");

    /// <summary>Reads the log as it is, without a lock; empty when there is none.</summary>
    /// <exception cref="DamagedException">The log is damaged before its last line.</exception>
    public static SegmentHistory Read(IFiles files, string tapeFolder)
    {
        var history = new SegmentHistory();
        CheckedLog.Read(files, PathOf(tapeFolder), Format, history.Take);
        return history;
    }

    /// <summary>What is known of a segment; null when nothing is.</summary>
    public SegmentStory? Find(long firstSeq) => _stories.GetValueOrDefault(firstSeq);

    /// <summary>Where a record went that is not on the tape any more, as a sentence; null when the log does not know that it expired.</summary>
    public string? WhereIs(long seq) =>
        _stories.Values.FirstOrDefault(story => story.Segment.FirstSeq <= seq && seq < story.Segment.NextSeq) is
        {
            Expired: { } expired,
            Verified: { } verified
        } found
            ? $"records {found.Segment.FirstSeq} to {found.Segment.NextSeq - 1} expired on {new UnixNanos(expired.At)} ({expired.Why}), verified on "
                + $"{new UnixNanos(verified.At)}"
            : null;

    internal void Take(ReadOnlySpan<byte> json)
    {
        var entry = Format.Read(json);
        if (SegmentEntryCheck.Fault(entry) is { } fault) throw new FormatException(fault);
        Take(entry);
    }

    internal void Take(SegmentLogEntry entry)
    {
        var known = Find(entry.FirstSeq);
        _stories[entry.FirstSeq] = (entry, known) switch
        {
            (SegmentEntry segment, null) => new(segment, null, null),
            (SegmentEntry segment, _) => known with { Segment = segment },
            (VerifiedEntry verified, { Expired: null }) => known with { Verified = verified },
            (ExpiredEntry expired, { Verified: not null }) => known with { Expired = expired },
            _ => throw new FormatException($"{entry.GetType().Name} of the segment at record {entry.FirstSeq}, which the lines before do not lead to"),
        };
    }
}
