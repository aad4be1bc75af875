using Tape.Core.Values;
using Tape.Query.Engine;
using Tape.Storage.Tapes;
using Tape.Tables.DuckDb;

namespace Tape.Query.Views;

/// <summary>The view <c>segments</c>: the files of the tape, their records and times.</summary>
internal static class SegmentsView
{
    private const string Columns =
        "segment VARCHAR, tape_id VARCHAR, first_seq BIGINT, last_seq BIGINT, records BIGINT, first_time TIMESTAMP_NS, last_time TIMESTAMP_NS, bytes BIGINT, "
        + "finished BOOLEAN";

    /// <summary>Makes it without rows.</summary>
    public static void Create(DuckDbConnection connection, string schema)
    {
        connection.Execute($"CREATE TABLE {schema}.segments ({Columns})");
        connection.Execute($"CREATE VIEW segments AS SELECT * FROM {schema}.segments");
    }

    /// <summary>Adds the segments that may hold records of the range.</summary>
    public static void Fill(DuckDbConnection connection, string schema, IReadOnlyList<SegmentInfo> segments, QueryRange range)
    {
        foreach (var group in segments.Where(segment => Touches(segment, range)).Chunk(1000))
            connection.Execute($"INSERT INTO {schema}.segments VALUES {string.Join(", ", group.Select(SqlOf))}");
    }

    private static bool Touches(SegmentInfo segment, QueryRange range) =>
        (range.From is not { } from || segment.MaxTime is not { } max || max >= from)
            && (range.ToExcl is not { } to || segment.MinTime is not { } min || min < to);

    private static string SqlOf(SegmentInfo segment)
    {
        var last = segment.NextSeq == segment.FirstSeq ? "NULL" : $"{segment.NextSeq - 1}";
        return $"({Sql.Text(Path.GetFileName(segment.Path))}, '{segment.TapeId:x16}', {segment.FirstSeq}, {last}, {segment.NextSeq - segment.FirstSeq}, "
                + $"{SqlTime(segment.MinTime)}, {SqlTime(segment.MaxTime)}, {segment.Bytes}, {(segment.IsFinished ? "true" : "false")})";
    }

    private static string SqlTime(UnixNanos? time) => time is { } value ? $"make_timestamp_ns({value.Value})" : "NULL";
}
