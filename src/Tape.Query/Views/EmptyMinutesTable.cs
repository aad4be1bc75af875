using Tape.Query.Snapshots;
using Tape.Tables.DuckDb;

namespace Tape.Query.Views;

/// <summary>Minutes that are proven to have had no trade, behind the view <c>candles_filled</c> of <see cref="CandleViews"/>.</summary>
internal sealed class EmptyMinutesTable() : LazyView(CandleViews.FilledName)
{
    /// <summary>Its name with its schema.</summary>
    public const string FullName = $"{Schema}.{Table}";

    private const string Table = "empty_minutes";

    public override void Create(DuckDbConnection connection) =>
        connection.Execute($"CREATE TABLE {FullName} (venue VARCHAR, symbol VARCHAR, open_time_ms BIGINT)");

    public override void Fill(DuckDbConnection connection, VaultSnapshot snapshot, QueryRange range) =>
        Insert(connection, Table, (snapshot.EmptyMinutes?.Invoke(range.TouchesDay) ?? []).Where(minute => range.TouchesMinute(minute.OpenMs))
            .Select(minute => $"({Sql.Text(minute.Venue)}, {Sql.Text(minute.Symbol)}, {minute.OpenMs})"));
}
