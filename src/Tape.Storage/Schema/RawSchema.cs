namespace Tape.Storage.Schema;

/// <summary>
/// Contract v1 of the RAW tables. Names and types are part of files that are never rewritten: a change is a new version, but for columns that came later and
/// are NULL in the files that lack them.
/// </summary>
public static class RawSchema
{
    /// <summary>Name of the contract, in paths and in the metadata of files.</summary>
    public const string Version = "v1";

    /// <summary>Which columns the files have that this program writes: 2, all. Files of layout 1 lack those that came later.</summary>
    public const int Layout = 2;

    /// <summary>The columns that every table begins with.</summary>
    public static IReadOnlyList<RawColumn> Common { get; } =
    [
        new("ts_event", RawType.Time),
        new("ts_sent", RawType.Time),
        new("ts_recv", RawType.Time),
        new("exchange", RawType.Text),
        new("symbol", RawType.Text),
        new("conn", RawType.Integer),
        new("tape_seq", RawType.Integer),
        new("idx", RawType.Int),
    ];

    /// <summary>Trades; side is the taker's.</summary>
    public static RawTable Trades { get; } =
        new(0, "trades", Number("price"), Number("qty"), Text("side"), Text("trade_id"), Integer("first_id"), Integer("last_id"),
            Later(Number("qty_ex_rpi")), Text("flags"));

    /// <summary>Best bid and offer.</summary>
    public static RawTable Bbo { get; } = new(1, "bbo", Number("bid_price"), Number("bid_qty"), Number("ask_price"), Number("ask_qty"), Integer("update_id"));

    /// <summary>Mark and index price.</summary>
    public static RawTable MarkPrice { get; } = new(2, "mark_price", Number("mark_price"), Number("index_price"));

    /// <summary>Funding rate as a fraction.</summary>
    public static RawTable Funding { get; } = new(3, "funding", Number("funding_rate"), new("next_funding_time", RawType.Time),
        Later(new("funding_interval_s", RawType.Int)), Later(Number("settled_rate")));

    /// <summary>Open interest.</summary>
    public static RawTable OpenInterest { get; } = new(4, "open_interest", Number("open_interest"), Number("open_interest_value"));

    /// <summary>Liquidation orders; side is the order's.</summary>
    public static RawTable Liquidations { get; } = new(5, "liquidations", Number("price"), Number("qty"), Later(Number("avg_price")), Text("side"));

    /// <summary>Book levels.</summary>
    public static RawTable Book { get; } =
        new(6, "book", Text("side"), Number("price"), Number("qty"), Text("kind"), Integer("first_update_id"), Integer("update_id"), Integer("prev_update_id"),
            Later(Integer("seq")));

    /// <summary>
    /// What the recorder said of itself: changes of its state and heartbeats. Rows of its notes, under the names of <see cref="HealthExchange"/> and
    /// <see cref="HealthSymbol"/>.
    /// </summary>
    public static RawTable Health { get; } = new(
        7, "health", Text("kind"), Text("state"), Text("state_before"), new("since", RawType.Time), Text("why"), Text("advice"), Number("uptime_s"),
            Integer("frames"), Integer("frame_bytes"), Integer("dropped"),
        Number("queue_utilization"), Integer("connections"), Integer("connections_open"), Integer("streams_live"), Integer("streams_waiting"),
            Integer("streams_silent"), Integer("streams_unproven"),
        Integer("streams_refused"), Integer("streams_down"), Integer("free_bytes"), Integer("clock_offset_ns"));

    /// <summary>What a venue sends as candles, open and closed ones.</summary>
    public static RawTable VenueCandles { get; } = new(
        8, "venue_candles", Text("timeframe"), new("open_time", RawType.Time), Number("open"), Number("high"), Number("low"), Number("close"), Number("volume"),
        Number("quote_volume"), Number("vwap"), Integer("trades_count"), new("is_closed", RawType.Boolean));

    /// <summary>Stands in the column <c>exchange</c> of <see cref="Health"/>: no venue, but the tape itself.</summary>
    public const string HealthExchange = "tape";

    /// <summary>Stands in the column <c>symbol</c> of <see cref="Health"/>.</summary>
    public const string HealthSymbol = "recorder";

    /// <summary>All tables, by their <see cref="RawTable.Index"/>.</summary>
    public static IReadOnlyList<RawTable> Tables { get; } = [Trades, Bbo, MarkPrice, Funding, OpenInterest, Liquidations, Book, Health, VenueCandles];

    /// <summary>The table of a name, or null.</summary>
    public static RawTable? Find(string name) => Tables.FirstOrDefault(table => table.Name == name);

    private static RawColumn Later(RawColumn column) => new(column.Name, column.Type, IsLater: true);

    private static RawColumn Number(string name) => new(name, RawType.Number);

    private static RawColumn Integer(string name) => new(name, RawType.Integer);

    private static RawColumn Text(string name) => new(name, RawType.Text);
}
