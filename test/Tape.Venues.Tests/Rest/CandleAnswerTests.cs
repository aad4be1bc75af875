using System.Text;
using Tape.Core.Candles;
using Tape.Core.Values;
using Tape.Venues.Rest;

namespace Tape.Venues.Tests.Rest;

/// <summary>What venues answer about one-minute candles, and what we ask. Bodies are written after the venues' public documentation.</summary>
public sealed class CandleAnswerTests
{
    private const long First = 1_796_000_040_000;
    private const long Second = First + 60_000;

    /// <summary>Venue, symbol, and its answer to the same two minutes: one with trades, one without.</summary>
    public static TheoryData<string, string, string, long> Answers => new()
    {
        {
            "binance", "BTCUSDT",
            $"[[{First},\"100.5\",\"101\",\"99.5\",\"100\",\"2.5\",{First + 59_999},\"250.25\",7,\"1\",\"100\",\"0\"],"
                + $"[{Second},\"100\",\"100\",\"100\",\"100\",\"0\",{Second + 59_999},\"0\",0,\"0\",\"0\",\"0\"]]",
            7
        },
        {
            "bybit", "BTCUSDT",
            "{\"retCode\":0,\"retMsg\":\"OK\",\"result\":{\"category\":\"linear\",\"symbol\":\"BTCUSDT\",\"list\":["
                + $"[\"{Second}\",\"100\",\"100\",\"100\",\"100\",\"0\",\"0\"],[\"{First}\",\"100.5\",\"101\",\"99.5\",\"100\",\"2.5\",\"250.25\"]]}},"
                + "\"retExtInfo\":{},\"time\":1796000200000}",
            Absent.Integer
        },
        {
            "okx", "BTC-USDT-SWAP",
            $"{{\"code\":\"0\",\"msg\":\"\",\"data\":[[\"{Second}\",\"100\",\"100\",\"100\",\"100\",\"0\",\"0\",\"0\",\"1\"],"
                + $"[\"{First}\",\"100.5\",\"101\",\"99.5\",\"100\",\"250\",\"2.5\",\"250.25\",\"1\"]]}}",
            Absent.Integer
        },
        {
            "okx", "BTC-USDT",
            $"{{\"code\":\"0\",\"msg\":\"\",\"data\":[[\"{Second}\",\"100\",\"100\",\"100\",\"100\",\"0\",\"0\",\"0\",\"1\"],"
                + $"[\"{First}\",\"100.5\",\"101\",\"99.5\",\"100\",\"2.5\",\"250.25\",\"250.25\",\"1\"]]}}",
            Absent.Integer
        },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void Candles_come_oldest_first_in_coins(string venue, string symbol, string body, long trades)
    {
        var read = Candles(venue).Read(symbol, Encoding.UTF8.GetBytes(body));
        Assert.Equal((null, 0), (read.Fault, read.Rejected.Count));
        var expected = new Candle
        {
            OpenTimeMs = First,
            Open = 100.5,
            High = 101,
            Low = 99.5,
            Close = 100,
            Volume = 2.5,
            QuoteVolume = 250.25,
            TradesCount = trades,
        };
        Assert.Equal(2, read.Candles.Count);
        Assert.Equal(expected, read.Candles[0]);
        Assert.Equal((Second, 100, 0), (read.Candles[1].OpenTimeMs, read.Candles[1].Close, read.Candles[1].Volume));
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void No_part_and_no_changed_byte_of_an_answer_throws(string venue, string symbol, string body, long trades)
    {
        var (candles, bytes) = (Candles(venue), Encoding.UTF8.GetBytes(body));
        for (var length = 0; length < bytes.Length; length++) Assert.NotNull(candles.Read(symbol, bytes.AsMemory(0, length)).Fault);
        var seed = (int)(trades & 0xFF) + bytes.Length;
        var chance = new Random(seed);
        var good = 0;
        for (var trial = 0; trial < 3000; trial++)
        {
            var changed = bytes.ToArray();
            changed[chance.Next(changed.Length)] = (byte)chance.Next(256);
            var read = candles.Read(symbol, changed);
            Assert.True(read.Fault is null || read.Candles.Count == 0, $"seed {seed}, trial {trial}: candles beside a fault");
            if (read.Fault is null) good++;
        }

        Assert.InRange(good, 1, 2999);
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void A_row_that_breaks_the_form_is_named_and_the_others_count(string venue, string symbol, string body, long trades)
    {
        _ = trades;
        foreach (var (from, to) in new[] { ("\"99.5\"", "\"99,5\""), ("\"101\"", "null"), (First.ToString(), (First + 1).ToString()), ("\"2.5\"", "[]") })
        {
            var changed = body.Replace(from, to, StringComparison.Ordinal);
            Assert.NotEqual(body, changed);
            var read = Candles(venue).Read(symbol, Encoding.UTF8.GetBytes(changed));
            Assert.Null(read.Fault);
            Assert.Equal(Second, Assert.Single(read.Candles).OpenTimeMs);
            Assert.Single(read.Rejected);
        }
    }

    [Theory]
    [InlineData("binance", "BTCUSDT", "/fapi/v1/klines?symbol=BTCUSDT&interval=1m&startTime=1796000040000&endTime=1796000159999&limit=500")]
    [InlineData("bybit", "BTCUSDT", "/v5/market/kline?category=linear&symbol=BTCUSDT&interval=1&start=1796000040000&end=1796000159999&limit=1000")]
    [InlineData("okx", "BTC-USDT-SWAP",
        "/api/v5/market/history-candles?instId=BTC-USDT-SWAP&bar=1m&after=1796000160000&before=1796000039999&limit=100")]
    public void Both_ends_of_a_page_are_as_the_venue_counts_them(string venue, string symbol, string path)
    {
        var request = Candles(venue).Page(symbol, First, Second + 60_000);
        Assert.Equal(("candles", path), (request.Name, request.PathAndQuery));
        Assert.True(request.Weight > 0);
    }

    private static IVenueCandles Candles(string venue) => VenueCatalog.Find(venue)!.Rest!.Candles!;
}
