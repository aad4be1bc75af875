using Tape.Venues.Frames;

namespace Tape.Venues.Okx;

/// <summary>Numbers for the names that mean something in OKX's frames (v5 public and business channels).</summary>
internal static class OkxField
{
    // The envelope and control messages.
    public const int Argument = 0;
    public const int Action = 1;
    public const int Data = 2;
    public const int Event = 3;
    public const int Id = 4;
    public const int Code = 5;
    public const int Message = 6;
    public const int Channel = 7;
    public const int Instrument = 8;

    // Trades and liquidations.
    public const int TradeId = 9;
    public const int Price = 10;
    public const int Quantity = 11;
    public const int Side = 12;
    public const int Time = 13;
    public const int Count = 14;
    public const int Source = 15;
    public const int Details = 16;
    public const int BankruptcyPrice = 17;

    // Books and tickers.
    public const int Bids = 18;
    public const int Asks = 19;
    public const int SequenceId = 20;
    public const int PreviousSequenceId = 21;
    public const int BidPrice = 22;
    public const int BidQuantity = 23;
    public const int AskPrice = 24;
    public const int AskQuantity = 25;

    // The rest.
    public const int MarkPrice = 26;
    public const int IndexPrice = 27;
    public const int FundingRate = 28;
    public const int FundingTime = 29;
    public const int OpenInterest = 30;
    public const int OpenInterestValue = 31;
    public const int NextFundingTime = 32;
    public const int SettledRate = 33;

    /// <summary>All names that occur.</summary>
    public static FieldNames Names { get; } = new(
        [
            ("arg", Argument), ("action", Action), ("data", Data), ("event", Event), ("id", Id), ("code", Code), ("msg", Message), ("channel", Channel),
                ("instId", Instrument),
            ("tradeId", TradeId), ("px", Price), ("sz", Quantity), ("side", Side), ("ts", Time), ("count", Count), ("source", Source), ("details", Details),
                ("bkPx", BankruptcyPrice),
            ("bids", Bids), ("asks", Asks), ("seqId", SequenceId), ("prevSeqId", PreviousSequenceId),
            ("bidPx", BidPrice), ("bidSz", BidQuantity), ("askPx", AskPrice), ("askSz", AskQuantity),
            ("markPx", MarkPrice), ("idxPx", IndexPrice), ("fundingRate", FundingRate), ("fundingTime", FundingTime), ("nextFundingTime", NextFundingTime),
            ("settFundingRate", SettledRate), ("oi", OpenInterest),
                ("oiUsd", OpenInterestValue),
        ],
        "connId", "instType", "instFamily", "uly", "last", "lastSz", "open24h", "high24h", "low24h", "sodUtc0", "sodUtc8", "volCcy24h", "vol24h", "checksum",
            "oiCcy", "bkLoss", "ccy", "posSide",
        "method", "formulaType", "nextFundingRate", "prevFundingTime", "minFundingRate", "maxFundingRate", "interestRate", "impactValue",
            "settState", "premium");
}
