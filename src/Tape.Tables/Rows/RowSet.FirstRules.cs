using Tape.Storage.Schema;

namespace Tape.Tables.Rows;

/// <summary>
/// Rows by the rules of decoder version 1, to verify what earlier programs sealed: candles made no rows, trades that are none made some, and the columns that
/// came later are NULL.
/// </summary>
public sealed partial class RowSet
{
    /// <summary>As <see cref="Add"/>, by these rules.</summary>
    public int AddByFirstRules(EventBuffer events, in RowOrigin origin)
    {
        var before = Rows;
        foreach (var trade in events.Trades.Items) this[RawSchema.Trades].AddTrade(trade with { QuantityExRpi = Absent.Number }, events, origin);
        foreach (ref readonly var quote in events.Quotes.Items) this[RawSchema.Bbo].AddQuote(quote, events, origin);
        foreach (ref readonly var mark in events.MarkPrices.Items) this[RawSchema.MarkPrice].AddMarkPrice(mark, events, origin);
        var fundings = 0;
        foreach (var funding in events.Fundings.Items)
        {
            if (double.IsNaN(funding.Rate) && funding.NextFundingTime == Absent.Integer) continue;
            this[RawSchema.Funding].AddFunding(funding with { IntervalSeconds = Absent.Integer, SettledRate = Absent.Number }, events, origin);
            fundings++;
        }

        foreach (ref readonly var interest in events.OpenInterests.Items) this[RawSchema.OpenInterest].AddOpenInterest(interest, events, origin);
        foreach (var liquidation in events.Liquidations.Items)
            this[RawSchema.Liquidations].AddLiquidation(liquidation with { AveragePrice = Absent.Number }, events, origin);
        foreach (var level in events.Book.Items) this[RawSchema.Book].AddBook(level with { Sequence = Absent.Integer }, events, origin);
        Rows += events.Count - events.Candles.Count - events.Fundings.Count + fundings;
        return Rows - before;
    }
}
