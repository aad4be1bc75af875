using Tape.Venues.Frames;

namespace Tape.Venues.Bybit;

/// <summary>Numbers for the names that mean something in Bybit's frames (v5 public topics).</summary>
internal static class BybitField
{
    // The envelope and control messages.
    public const int Topic = 0;
    public const int Type = 1;
    public const int SentTime = 2;
    public const int EngineTime = 3;
    public const int Data = 4;
    public const int Operation = 5;
    public const int Success = 6;
    public const int Message = 7;
    public const int RequestId = 8;

    // Trades and liquidations; books share the symbol.
    public const int Time = 9;
    public const int Symbol = 10;
    public const int Side = 11;
    public const int Quantity = 12;
    public const int Price = 13;
    public const int TradeId = 14;
    public const int IsBlock = 15;
    public const int IsRpi = 16;

    // Books.
    public const int Bids = 17;
    public const int Asks = 18;
    public const int UpdateId = 19;
    public const int Sequence = 40;

    // Tickers.
    public const int TickerSymbol = 20;
    public const int MarkPrice = 21;
    public const int IndexPrice = 22;
    public const int FundingRate = 23;
    public const int NextFundingTime = 24;
    public const int OpenInterest = 25;
    public const int OpenInterestValue = 26;
    public const int BidPrice = 27;
    public const int BidQuantity = 28;
    public const int AskPrice = 29;
    public const int AskQuantity = 30;
    public const int FundingInterval = 41;

    // Candles.
    public const int Start = 31;
    public const int End = 32;
    public const int Open = 33;
    public const int High = 34;
    public const int Low = 35;
    public const int Close = 36;
    public const int Volume = 37;
    public const int Turnover = 38;
    public const int IsClosed = 39;

    /// <summary>All names that occur.</summary>
    public static FieldNames Names { get; } = new(
        [
            ("topic", Topic), ("type", Type), ("ts", SentTime), ("cts", EngineTime), ("data", Data),
            ("op", Operation), ("success", Success), ("ret_msg", Message), ("req_id", RequestId),
            ("T", Time), ("s", Symbol), ("S", Side), ("v", Quantity), ("p", Price), ("i", TradeId), ("BT", IsBlock), ("RPI", IsRpi),
            ("b", Bids), ("a", Asks), ("u", UpdateId), ("seq", Sequence),
            ("symbol", TickerSymbol), ("markPrice", MarkPrice), ("indexPrice", IndexPrice), ("fundingRate", FundingRate), ("nextFundingTime", NextFundingTime),
            ("fundingIntervalHour", FundingInterval),
            ("openInterest", OpenInterest), ("openInterestValue", OpenInterestValue),
            ("bid1Price", BidPrice), ("bid1Size", BidQuantity), ("ask1Price", AskPrice), ("ask1Size", AskQuantity),
            ("start", Start), ("end", End), ("open", Open), ("high", High), ("low", Low), ("close", Close), ("volume", Volume), ("turnover", Turnover),
                ("confirm", IsClosed),
        ],
        "L", "cs", "conn_id", "interval", "timestamp", "tickDirection", "lastPrice", "price24hPcnt", "prevPrice24h", "highPrice24h", "lowPrice24h",
            "prevPrice1h",
        "turnover24h", "volume24h", "fundingCap", "singleOpenInterest", "singleOpenInterestValue", "preOpenPrice", "preQty",
            "curPreListingPhase");
}
