using Tape.Api.Tests.Support;

namespace Tape.Api.Tests;

/// <summary>What <c>/v1/candles</c> makes of an address.</summary>
public sealed class CandleRouteTests : ApiHarness
{
    [Fact]
    public async Task Candles_are_asked_for_page_by_page()
    {
        Tape.Start().Connect().Trades(2);
        Follow();
        await GetAsync("/v1/candles?venue=Binance&symbol=btcusdt");
        Assert.Equal("SELECT * FROM candles WHERE venue = 'binance' AND symbol = 'BTCUSDT' AND timeframe = '1m' ORDER BY open_time_ms LIMIT 1000",
            Queries.Asked!.Sql);
        Directory.CreateDirectory(Path.Combine(Vault, "data", "kraken", "BTC-USD", "5m"));
        await File.WriteAllTextAsync(Path.Combine(Vault, "data", "kraken", "BTC-USD", "5m", "2026-11-21.parquet"), "");
        await GetAsync("/v1/candles?venue=kraken&symbol=BTC/USD&timeframe=5m&limit=7&after=60000&from=2026-11-21&format=json");
        Assert.Equal("SELECT * FROM candles WHERE venue = 'kraken' AND symbol = 'BTC/USD' AND timeframe = '5m' AND open_time_ms > 60000 "
            + "ORDER BY open_time_ms LIMIT 7", Queries.Asked!.Sql);
        Assert.Equal(1_795_219_200_000_000_000, Queries.Asked.FromNanos);
    }

    [Theory]
    [InlineData("/v1/candles?symbol=BTCUSDT", "no 'venue'")]
    [InlineData("/v1/candles?venue=binance&symbol=BTCUSDT&limit=0", "from 1 to 10080")]
    [InlineData("/v1/candles?venue=binance&symbol=BTCUSDT&after=x", "open_time_ms")]
    [InlineData("/v1/candles?venue=binance&symbol=BTCUSDT&timeframe=2m", "'2m' is not a timeframe")]
    [InlineData("/v1/candles?venue=binance&symbol=BTCUSD", "'BTCUSD' is not a symbol")]
    public async Task Wrong_questions_for_candles_are_errors(string path, string detail)
    {
        Tape.Start().Connect().Trades(2);
        Follow();
        Assert.Contains(detail, (await GetAsync(path, 400)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
