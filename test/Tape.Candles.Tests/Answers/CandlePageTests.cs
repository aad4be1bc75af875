using Tape.Candles.Answers;
using Tape.Core.Candles;
using Tape.Core.Values;
using Tape.Storage.Answers;
using Tape.Venues.Contract;
using Tape.Venues.Rest;

namespace Tape.Candles.Tests.Answers;

public sealed class CandlePageTests
{
    private const long Minute = Timeframe.MinuteMs;

    [Fact]
    public void Where_a_venue_leaves_minutes_without_trades_out_only_a_hole_between_two_rows_that_is_two_minutes_old_proves_one()
    {
        Assert.Equal([3 * Minute, 4 * Minute, 6 * Minute], Page(2, 5, 7).EmptyMinutes);
        Assert.Empty(Page(5).EmptyMinutes);
        Assert.Empty(Page().EmptyMinutes);
        Assert.Equal([6 * Minute, 7 * Minute], Page(5, 9).EmptyMinutes);
        Assert.Equal([0L], Page(-1, 1).EmptyMinutes);
    }

    [Fact]
    public void What_was_not_asked_about_and_the_minute_that_is_not_over_is_no_candle()
    {
        Assert.Equal([0L, 9 * Minute], Page(-1, 0, 9, 10, 11).Candles.Select(candle => candle.OpenTimeMs));
        Assert.All(Page(0, 9).Stored(), candle => Assert.Equal((CandleSource.Rest, 10 * Minute), (candle.Source, candle.IngestTimeMs)));
    }

    /// <summary>Asked about minutes 0 to 9, answered as minute 10 began.</summary>
    private static CandlePage Page(params int[] rows)
    {
        var head = new AnswerHead("omits", CandlePage.RequestName, "", 200, 0, 10 * Minute * UnixNanos.PerMillisecond)
        {
            Symbol = "A",
            FromMs = 0,
            ToMs = 10 * Minute,
        };
        return CandlePage.Of(new StoredAnswer(1, head, default), new Omits([.. rows]))!;
    }

    /// <summary>A venue that answers with these minutes, whatever the body.</summary>
    private sealed class Omits(int[] rows) : IVenue, IVenueRest, IVenueCandles
    {
        public string Name => "omits";

        public IReadOnlyList<ChannelInfo> Channels => [];

        public IVenueRest Rest => this;

        public IVenueCandles Candles => this;

        public int RowsMax => 10;

        public TimeSpan? Reach => null;

        public bool OmitsEmptyMinutes => true;

        public Uri Endpoint => new("https://venue.test");

        public RestLimits Limits => new(1, null);

        public RestRequest Instruments => new("instruments", "/", 1);

        public RestRequest ServerTime => new("time", "/", 1);

        public TimeSpan ServerTimeStep => TimeSpan.Zero;

        public CandleAnswer Read(string symbol, ReadOnlyMemory<byte> body) => new([.. rows.Select(minute => new Candle
        {
            OpenTimeMs = minute * Minute,
            Open = 1,
            High = 1,
            Low = 1,
            Close = 1,
            Volume = 1,
        })], [], null);

        public RestRequest Page(string symbol, long fromMs, long toMs) => Instruments;

        public IReadOnlyList<string> Check(SubscriptionRequest request) => [];

        public IReadOnlyList<ConnectionPlan> Plan(SubscriptionRequest request) => [];

        public FrameDecoder CreateDecoder() => throw new NotSupportedException();

        public InstrumentAnswer ReadInstruments(ReadOnlyMemory<byte> body) => InstrumentAnswer.Refused("not asked");

        public UnixNanos ReadServerTime(ReadOnlyMemory<byte> body, out string? fault) => throw new NotSupportedException();

        public string? ReadError(ReadOnlyMemory<byte> body) => null;
    }
}
