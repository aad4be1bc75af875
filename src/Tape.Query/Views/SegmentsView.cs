using Tape.Query.Snapshots;
using Tape.Storage.Tapes;
using Tape.Tables.DuckDb;

namespace Tape.Query.Views;

/// <summary>The view <c>segments</c>: the files of the tape, their records and times.</summary>
internal sealed class SegmentsView() : LazyView("segments")
{
    private const string Columns =
        "segment VARCHAR, tape_id VARCHAR, first_seq BIGINT, last_seq BIGINT, records BIGINT, first_time TIMESTAMP_NS, last_time TIMESTAMP_NS, bytes BIGINT, "
        + "finished BOOLEAN";

    public override void Create(DuckDbConnection connection) => CreateWithTable(connection, "segments", Columns);

    public override void Fill(DuckDbConnection connection, VaultSnapshot snapshot, QueryRange range) =>
        Insert(connection, "segments", (snapshot.Segments?.Invoke() ?? []).Where(segment => Touches(segment, range)).Select(SqlOf));

    private static bool Touches(SegmentInfo segment, QueryRange range) =>
        (range.From is not { } from || segment.MaxTime is not { } max || max >= from)
            && (range.ToExcl is not { } to || segment.MinTime is not { } min || min < to);

    private static string SqlOf(SegmentInfo segment)
    {
        var last = segment.NextSeq == segment.FirstSeq ? "NULL" : $"{segment.NextSeq - 1}";
        return $"({Sql.Text(Path.GetFileName(segment.Path))}, '{segment.TapeId:x16}', {segment.FirstSeq}, {last}, {segment.NextSeq - segment.FirstSeq}, "
                + $"{SqlTime(segment.MinTime)}, {SqlTime(segment.MaxTime)}, {segment.Bytes}, {SqlBoolean(segment.IsFinished)})";
    }
}
