using Tape.Api.Tests.Support;
using Tape.Core.Candles;
using Tape.Query.Output;

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
        Assert.Equal("SELECT * FROM candles WHERE venue = 'binance' AND symbol = 'BTCUSDT' AND timeframe = '1m' ORDER BY open_time_ms "
            + "LIMIT 1001 OFFSET 0", Queries.Asked!.Sql);
        Directory.CreateDirectory(Path.Combine(Vault, "data", "kraken", "BTC-USD", "5m"));
        await File.WriteAllTextAsync(Path.Combine(Vault, "data", "kraken", "BTC-USD", "5m", "2026-11-21.parquet"), "");
        await GetAsync("/v1/candles?venue=kraken&symbol=BTC/USD&timeframe=5m&limit=7&offset=14&from=2026-11-21&format=json");
        Assert.Equal("SELECT * FROM candles WHERE venue = 'kraken' AND symbol = 'BTC/USD' AND timeframe = '5m' "
            + "ORDER BY open_time_ms LIMIT 8 OFFSET 14", Queries.Asked!.Sql);
        Assert.Equal(new AnswerPage("candles", 7, 14), Queries.Asked.Page);
        Assert.Equal(1_795_219_200_000_000_000, Queries.Asked.FromNanos);
        Queries.Answer = (_, _) => Task.FromResult("venue\n");
        using var csv = await Client.GetAsync("/v1/candles?venue=binance&symbol=BTCUSDT&format=csv&limit=7");
        Assert.EndsWith(" LIMIT 7 OFFSET 0", Queries.Asked!.Sql, StringComparison.Ordinal);
        Assert.Null(Queries.Asked.Page);
    }

    [Fact]
    public void A_candle_has_the_columns_of_day_files() => Assert.Equal(CandleColumns.All.Select(column => column.Name),
        typeof(Documents.CandleDocument).GetProperties().Select(property => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)));

    [Theory]
    [InlineData("/v1/candles?symbol=BTCUSDT", "no 'venue'")]
    [InlineData("/v1/candles?venue=binance&symbol=BTCUSDT&limit=0", "from 1 to 10000")]
    [InlineData("/v1/candles?venue=binance&symbol=BTCUSDT&offset=x", "0 or more")]
    [InlineData("/v1/candles?venue=binance&symbol=BTCUSDT&timeframe=2m", "'2m' is not a timeframe")]
    [InlineData("/v1/candles?venue=binance&symbol=BTCUSD", "'BTCUSD' is not a symbol")]
    public async Task Wrong_questions_for_candles_are_errors(string path, string detail)
    {
        Tape.Start().Connect().Trades(2);
        Follow();
        Assert.Contains(detail, (await GetAsync(path, 400)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
