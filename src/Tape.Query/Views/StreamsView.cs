using Tape.Query.Snapshots;
using Tape.Storage.Seals;
using Tape.Tables.DuckDb;

namespace Tape.Query.Views;

/// <summary>The view <c>streams</c>: what each stream brought.</summary>
internal sealed class StreamsView() : LazyView("streams")
{
    private const string Columns = "exchange VARCHAR, channel VARCHAR, symbol VARCHAR, frames BIGINT, rows BIGINT, first_recv TIMESTAMP_NS, last_recv "
        + "TIMESTAMP_NS, dropped BIGINT";

    public override void Create(DuckDbConnection connection) => CreateWithTable(connection, "streams", Columns);

    public override void Fill(DuckDbConnection connection, VaultSnapshot snapshot, QueryRange range) =>
        Insert(connection, "streams", snapshot.Streams.Select(SqlOf));

    private static string SqlOf(StreamStatistics stream) =>
        $"({Sql.Text(stream.Exchange)}, {Sql.Text(stream.Channel)}, {Sql.Text(stream.Symbol)}, {stream.Frames}, {stream.Rows}, "
            + $"{SqlTime(stream.FirstReceived)}, {SqlTime(stream.LastReceived)}, {stream.Dropped})";
}
