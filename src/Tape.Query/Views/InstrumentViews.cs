using Tape.Derive.Instruments;
using Tape.Query.Snapshots;
using Tape.Storage.Schema;
using Tape.Tables.DuckDb;

namespace Tape.Query.Views;

/// <summary>
/// The view <c>instruments</c>, and views in base units: <c>trades_base</c> and its likes are the rows of the table with our name of the instrument and, for
/// each quantity, the same in base units. A row takes the contract size that was known when it was received; rows older than the first list take that list's;
/// without an instrument both are NULL.
/// </summary>
internal sealed class InstrumentViews() : LazyView("instruments", "_base")
{
    private const string Columns =
        "exchange VARCHAR, symbol VARCHAR, instrument VARCHAR, base VARCHAR, quote VARCHAR, margin VARCHAR, contract_type VARCHAR, status VARCHAR, trading "
            + "BOOLEAN, tick_size DOUBLE, lot_size DOUBLE, min_notional DOUBLE, "
        + "contract_size DOUBLE, listed_at TIMESTAMP_NS, delivers_at TIMESTAMP_NS, path_name VARCHAR, valid_from TIMESTAMP_NS, valid_to TIMESTAMP_NS, "
            + "answer_seq BIGINT";

    /// <summary>Tables whose quantities a venue may send as contracts, with these quantities.</summary>
    private static readonly (RawTable Table, string[] Quantities)[] BaseTables =
    [
        (RawSchema.Trades, ["qty"]), (RawSchema.Bbo, ["bid_qty", "ask_qty"]), (RawSchema.OpenInterest, ["open_interest"]), (RawSchema.Liquidations, ["qty"]),
            (RawSchema.Book, ["qty"]),
    ];

    public override void Create(DuckDbConnection connection)
    {
        CreateWithTable(connection, "instruments", Columns);
        connection.Execute($"CREATE TABLE {Schema}.contract_sizes (exchange VARCHAR, symbol VARCHAR, instrument VARCHAR, contract_size DOUBLE, valid_from "
            + $"TIMESTAMP_NS, valid_to TIMESTAMP_NS)");
        foreach (var (table, quantities) in BaseTables) CreateBase(connection, table, quantities);
    }

    /// <summary>Adds all instruments, whatever the range: rows of the range take their sizes.</summary>
    public override void Fill(DuckDbConnection connection, VaultSnapshot snapshot, QueryRange range)
    {
        var spans = snapshot.Instruments?.Invoke() ?? [];
        Insert(connection, "instruments", spans.Select(SqlOf));
        Insert(connection, "contract_sizes", ContractSizes(spans));
    }

    private static void CreateBase(DuckDbConnection connection, RawTable table, string[] quantities)
    {
        var columns = string.Join(", ", quantities.Select(quantity => $"t.{quantity} * s.contract_size AS {quantity}_base"));
        connection.Execute(
            $"""
            CREATE VIEW {table.Name}_base AS SELECT t.*, s.instrument, {columns} FROM {table.Name} t LEFT JOIN {Schema}.contract_sizes s
            ON s.exchange = t.exchange AND s.symbol = t.symbol AND (s.valid_from IS NULL OR t.ts_recv >= s.valid_from) AND (s.valid_to IS NULL OR t.ts_recv < s.valid_to)
            """);
    }

    /// <summary>For each symbol its sizes, one after the other without a gap between: from the beginning of time, until the next, for ever.</summary>
    private static IEnumerable<string> ContractSizes(IReadOnlyList<InstrumentSpan> spans)
    {
        foreach (var symbol in spans.GroupBy(span => (span.Instrument.Venue, span.Instrument.Symbol)))
        {
            var sizes = new List<InstrumentSpan>();
            foreach (var span in symbol)
                if (sizes.Count == 0 || Size(sizes[^1]) != Size(span)) sizes.Add(span);
            for (var number = 0; number < sizes.Count; number++)
            {
                var (name, size) = Size(sizes[number]);
                yield return $"({Sql.Text(symbol.Key.Venue)}, {Sql.Text(symbol.Key.Symbol)}, {Sql.Text(name)}, {SqlNumber(size)}, "
                        + $"{(number == 0 ? "NULL" : SqlTime(sizes[number].ValidFrom))}, "
                        + $"{(number == sizes.Count - 1 ? "NULL" : SqlTime(sizes[number + 1].ValidFrom))})";
            }
        }
    }

    private static (string Name, double Size) Size(InstrumentSpan span) => (span.Instrument.Name, span.Instrument.ContractSize);

    private static string SqlNumber(double value) => double.IsNaN(value) ? "NULL" : $"{value}";

    private static string SqlOf(InstrumentSpan span)
    {
        var said = span.Instrument;
        return $"({Sql.Text(said.Venue)}, {Sql.Text(said.Symbol)}, {Sql.Text(said.Name)}, {Sql.Text(said.Base)}, {Sql.Text(said.Quote)}, "
                + $"{Sql.Text(said.Margin)}, {Sql.Text(said.ContractType)}, {Sql.Text(said.Status)}, {SqlBoolean(said.IsTrading)}, {said.TickSize}, "
                + $"{said.LotSize}, {SqlNumber(said.MinNotional)}, {SqlNumber(said.ContractSize)}, {SqlTime(said.ListedAt)}, {SqlTime(said.DeliversAt)}, "
                + $"{Sql.Text(span.PathName)}, {SqlTime(span.ValidFrom)}, {SqlTime(span.ValidTo)}, {span.AnswerSeq})";
    }
}
