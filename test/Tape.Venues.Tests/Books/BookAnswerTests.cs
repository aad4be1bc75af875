using System.Text;
using Tape.Core.Values;

namespace Tape.Venues.Tests.Books;

public sealed class BookAnswerTests
{
    [Theory]
    [InlineData("binance", "depth@100ms", "BTCUSDT", "/fapi/v1/depth?symbol=BTCUSDT&limit=5", """{"lastUpdateId":1027024,"E":1589436922972,"T":1589436922959,"bids":[["4.0","431.0"]],"asks":[]}""", 1027024)]
    [InlineData("okx", "books", "BTC-USDT-SWAP", "/api/v5/market/books?instId=BTC-USDT-SWAP&sz=1", """{"code":"0","msg":"","data":[{"asks":[["1","2","0","1"]],"bids":[],"ts":"1597026383085","seqId":1800000000000001}]}""", 1800000000000001)]
    public void A_picture_tells_its_update_id(string venue, string channel, string symbol, string path, string body, long id)
    {
        var rest = VenueCatalog.Find(venue)!.Rest!;
        Assert.Equal(path, rest.Book(new StreamKey(venue, channel, symbol))!.PathAndQuery);
        Assert.Equal(id, rest.ReadBook(Encoding.ASCII.GetBytes(body), out var fault));
        Assert.Null(fault);
    }

    [Theory]
    [InlineData("binance", "")]
    [InlineData("binance", "<html>")]
    [InlineData("binance", """{"lastUpdateId":"5"}""")]
    [InlineData("binance", """{"lastUpdateId":0}""")]
    [InlineData("binance", """{"lastUpdateId":9223372036854775808}""")]
    [InlineData("okx", """{"code":"0","msg":"","data":[]}""")]
    [InlineData("okx", """{"code":"0","msg":"","data":[{"ts":"1"}]}""")]
    [InlineData("okx", """{"code":"50011","msg":"Too Many Requests","data":[]}""")]
    [InlineData("bybit", """{"retCode":0,"result":{"u":5}}""")]
    public void Anything_else_is_refused_with_a_reason(string venue, string body)
    {
        VenueCatalog.Find(venue)!.Rest!.ReadBook(Encoding.ASCII.GetBytes(body), out var fault);
        Assert.False(string.IsNullOrEmpty(fault));
    }

    [Fact]
    public void Bybit_is_not_asked_as_its_answer_has_other_numbers_than_its_streams() =>
        Assert.Null(VenueCatalog.Find("bybit")!.Rest!.Book(new StreamKey("bybit", "orderbook.50", "BTCUSDT")));
}
