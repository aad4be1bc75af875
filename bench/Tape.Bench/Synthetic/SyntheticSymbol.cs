namespace Tape.Bench.Synthetic;

/// <summary>One made-up symbol of a venue: trades, and a quote now and then, as that venue sends them.</summary>
internal sealed class SyntheticSymbol(string venue, int number)
{
    /// <summary>Events that <see cref="Add"/> adds, on average over the venues.</summary>
    public const double EventsOnAverage = (QuotesInTen + (10 - QuotesInTen) * 2.5) / 10;

    private const int QuotesInTen = 4;

    private readonly byte[] _name =
        Encoding.ASCII.GetBytes(venue == "okx" ? $"SYM{number}-USDT-SWAP" : $"SYM{number}USDT");
    private readonly double _tick = Math.Pow(10, -1 - (number % 4));
    private readonly int _sameInHundred = venue switch { "binance" => 30, "okx" => 39, _ => 77 };
    private long _ticks = 40_000 + number * 1000;
    private long _tradeId = 1_000_000_000L + number * 10_000_000L;
    private long _fillId = 3_000_000_000L + number * 50_000_000L;
    private long _updateId = 9_000_000_000_000L;

    /// <summary>
    /// Adds the next events, a quote or the trades of one order that took several others, as many of the same millisecond as in captured streams (30 % of
    /// Binance's aggregates, 39 % of OKX's trades, 77 % of Bybit's); they happened at the venue at a time in nanoseconds.
    /// </summary>
    public void Add(EventBuffer events, long happenedAt, Random chance)
    {
        var milliseconds = happenedAt / UnixNanos.PerMillisecond * UnixNanos.PerMillisecond;
        _ticks += chance.Next(-2, 3);
        var head = new EventHead(0, events.AddText(_name), milliseconds,
            venue == "okx" ? Absent.Integer : milliseconds + UnixNanos.PerMillisecond * chance.Next(2));
        if (chance.Next(10) < QuotesInTen)
        {
            AddQuote(events, head, chance);
            return;
        }

        var side = chance.Next(2) == 0 ? Side.Buy : Side.Sell;
        do
        {
            AddTrade(events, head with { Index = events.Trades.Count }, side, chance);
            if (chance.Next(3) == 0) _ticks += side == Side.Buy ? 1 : -1;
        }
        while (chance.Next(100) < _sameInHundred);
    }

    private void AddQuote(EventBuffer events, EventHead head, Random chance)
    {
        _updateId += 1 + chance.Next(40);
        events.Quotes.Add() = new()
        {
            Head = head,
            BidPrice = Price(_ticks),
            BidQuantity = Quantity(chance),
            AskPrice = Price(_ticks + 1),
            AskQuantity = Quantity(chance),
            UpdateId = _updateId,
        };
    }

    private void AddTrade(EventBuffer events, EventHead head, Side side, Random chance)
    {
        var fills = venue == "binance" ? 1 + chance.Next(3) : 1;
        (_tradeId, _fillId) = (_tradeId + 1, _fillId + fills);
        var id = venue == "bybit" ? Uuid(chance) : _tradeId.ToString(CultureInfo.InvariantCulture);
        events.Trades.Add() = new()
        {
            Head = head,
            Price = Price(_ticks),
            Quantity = Quantity(chance),
            Side = side,
            TradeId = events.AddText(Encoding.ASCII.GetBytes(id)),
            FirstId = venue == "binance" ? _fillId - fills : Absent.Integer,
            LastId = venue == "binance" ? _fillId - 1 : Absent.Integer,
        };
    }

    private double Price(long ticks) => Math.Round(ticks * _tick, 6);

    /// <summary>Most are small round lots, some are any of three digits.</summary>
    private static double Quantity(Random chance) => chance.Next(3) > 0 ? (1 + chance.Next(20)) / 100d : Math.Round(Math.Exp(chance.NextDouble() * 6) / 100, 3);

    /// <summary>Version 5, as the venue's are.</summary>
    private static string Uuid(Random chance)
    {
        Span<byte> bytes = stackalloc byte[16];
        chance.NextBytes(bytes);
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        bytes[7] = (byte)(0x50 | (bytes[7] & 0x0F));
        return new Guid(bytes).ToString("D");
    }
}
