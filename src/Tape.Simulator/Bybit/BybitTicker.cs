using Tape.Simulator.Market;

namespace Tape.Simulator.Bybit;

/// <summary>The fields of a ticker in the venue's order, as whole numbers of a unit each, and how they are written.</summary>
internal static class BybitTicker
{
    /// <summary>What a value is a number of.</summary>
    private enum Unit
    {
        Price,
        Quantity,
        Turnover,
        Millionths,
        Funding,
        Integer,
        TickDirection,
    }

    private static readonly (byte[] Name, Unit Unit)[] _fields =
    [
        .. new (string Name, Unit Unit)[]
        {
            ("tickDirection", Unit.TickDirection), ("price24hPcnt", Unit.Millionths), ("lastPrice", Unit.Price), ("prevPrice24h", Unit.Price),
                ("highPrice24h", Unit.Price),
            ("lowPrice24h", Unit.Price), ("prevPrice1h", Unit.Price), ("markPrice", Unit.Price), ("indexPrice", Unit.Price), ("openInterest", Unit.Quantity),
            ("openInterestValue", Unit.Turnover), ("turnover24h", Unit.Turnover), ("volume24h", Unit.Quantity), ("fundingIntervalHour", Unit.Integer),
                ("fundingCap", Unit.Millionths),
            ("singleOpenInterest", Unit.Quantity), ("singleOpenInterestValue", Unit.Turnover), ("nextFundingTime", Unit.Integer), ("fundingRate", Unit.Funding),
                ("bid1Price", Unit.Price),
            ("bid1Size", Unit.Quantity), ("ask1Price", Unit.Price), ("ask1Size", Unit.Quantity),
        }.Select(field => (System.Text.Encoding.ASCII.GetBytes($",\"{field.Name}\":\""), field.Unit)),
    ];

    /// <summary>How many fields there are.</summary>
    public static int Count => _fields.Length;

    /// <summary>The present values of all fields.</summary>
    public static void Take(long[] values, SymbolMarket market, PerpetualState state, Random random, long timeMs)
    {
        var day = DayStatistics.Of(market, timeMs);
        var interest = state.OpenInterest / 2 * 2;
        Span<long> now =
        [
            market.LastTrade.BuyerIsMaker ? 1 : 0, day.Open == 0 ? 0 : day.Change * 1_000_000 / day.Open, day.Last, day.Open, day.High,
            day.Low, day.Open, state.MarkPrice, state.IndexPrice, interest,
            interest * state.MarkPrice, day.Turnover, day.Volume, 8, 5000,
            interest / 2, interest / 2 * state.MarkPrice, PerpetualState.NextFunding(timeMs), state.FundingRate, market.Price(market.BidTicks),
            random.Next(4) == 0 ? random.Next(1, 20_000) : values[20], market.Price(market.BidTicks + market.SpreadTicks),
                random.Next(4) == 0 ? random.Next(1, 20_000) : values[22],
        ];
        now[20] = Math.Max(1, now[20]);
        now[22] = Math.Max(1, now[22]);
        now.CopyTo(values);
    }

    /// <summary>Writes the fields that differ from what was told, or all of them.</summary>
    /// <returns>Fields written.</returns>
    public static int Write(JsonBuilder text, SymbolSpec spec, long[] values, long[]? told)
    {
        var written = 0;
        for (var i = 0; i < Count; i++)
        {
            if (told is not null && told[i] == values[i]) continue;
            WriteValue(text.Raw(_fields[i].Name), spec, _fields[i].Unit, values[i]);
            text.Raw("\""u8);
            written++;
        }

        if (told is null) text.Raw(",\"preOpenPrice\":\"\",\"preQty\":\"\",\"curPreListingPhase\":\"\""u8);
        return written;
    }

    private static void WriteValue(JsonBuilder text, SymbolSpec spec, Unit unit, long value)
    {
        switch (unit)
        {
            case Unit.Price: text.Decimal(value, spec.PriceDecimals); break;
            case Unit.Quantity: text.Decimal(value, spec.QuantityDecimals); break;
            case Unit.Turnover: text.Trimmed(value, spec.PriceDecimals + spec.QuantityDecimals); break;
            case Unit.Millionths: text.Trimmed(value, 6); break;
            case Unit.Funding: text.Trimmed(value, PerpetualState.FundingDecimals); break;
            case Unit.TickDirection: text.Raw(value == 0 ? "PlusTick"u8 : "MinusTick"u8); break;
            default: text.Integer(value); break;
        }
    }
}
