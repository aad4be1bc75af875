using Tape.Storage.Schema;
using Tape.Storage.Tapes.Notes;

namespace Tape.Tables.Rows;

/// <summary>Rows of all RAW tables. Cleared and filled again for each seal. Not thread-safe.</summary>
public sealed partial class RowSet
{
    private readonly RowBuffer[] _buffers = [.. RawSchema.Tables.Select(table => new RowBuffer(table))];

    /// <summary>The rows of a table.</summary>
    public RowBuffer this[RawTable table] => _buffers[table.Index];

    /// <summary>The buffers of all tables, in the order of <see cref="RawSchema.Tables"/>.</summary>
    public IReadOnlyList<RowBuffer> Buffers => _buffers;

    /// <summary>Rows of all tables.</summary>
    public int Rows { get; private set; }

    /// <summary>Bytes that all rows take, about.</summary>
    public long Bytes
    {
        get
        {
            var bytes = 0L;
            foreach (var buffer in _buffers) bytes += buffer.Bytes;
            return bytes;
        }
    }

    /// <summary>Adds all events of a frame but trades that are none.</summary>
    /// <returns>Rows added.</returns>
    public int Add(EventBuffer events, in RowOrigin origin)
    {
        var added = events.Count;
        foreach (ref readonly var trade in events.Trades.Items)
        {
            if (trade.IsNoTrade) added--;
            else this[RawSchema.Trades].AddTrade(trade, events, origin);
        }

        foreach (ref readonly var quote in events.Quotes.Items) this[RawSchema.Bbo].AddQuote(quote, events, origin);
        foreach (ref readonly var mark in events.MarkPrices.Items) this[RawSchema.MarkPrice].AddMarkPrice(mark, events, origin);
        foreach (ref readonly var funding in events.Fundings.Items) this[RawSchema.Funding].AddFunding(funding, events, origin);
        foreach (ref readonly var interest in events.OpenInterests.Items) this[RawSchema.OpenInterest].AddOpenInterest(interest, events, origin);
        foreach (ref readonly var liquidation in events.Liquidations.Items) this[RawSchema.Liquidations].AddLiquidation(liquidation, events, origin);
        foreach (ref readonly var level in events.Book.Items) this[RawSchema.Book].AddBook(level, events, origin);
        foreach (ref readonly var candle in events.Candles.Items) this[RawSchema.VenueCandles].AddCandle(candle, events, origin);
        Rows += added;
        return added;
    }

    /// <summary>Adds a note of the recorder about itself.</summary>
    public void AddHealth(HealthNote note, in RowOrigin origin)
    {
        this[RawSchema.Health].AddHealth(note, origin);
        Rows++;
    }

    /// <summary>Forgets all rows, keeps the room.</summary>
    public void Clear()
    {
        foreach (var buffer in _buffers) buffer.Clear();
        Rows = 0;
    }
}
