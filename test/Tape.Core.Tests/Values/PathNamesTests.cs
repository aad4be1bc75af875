using Tape.Core.Values;

namespace Tape.Core.Tests.Values;

public class PathNamesTests
{
    [Fact]
    public void Names_that_collide_even_by_case_get_a_suffix_and_keep_it()
    {
        var names = new PathNames();
        Assert.Equal(["BTC-USDT", "BTC-USDT-2", "btc-usdt-3", "BTC-USDT-2-2", "%E7%89%9BUSDT", "BTC-USDT"],
            new[] { "BTC-USDT", "BTC/USDT", "btc-usdt", "BTC-USDT-2", "牛USDT", "BTC-USDT" }.Select(names.Of));
    }

    [Fact]
    public void Near_spellings_are_found_nearest_first()
    {
        Assert.Equal(["BTCUSDT", "BTCUSDC"], Spelling.Near("BTCUSDTT", ["ETHUSDT", "BTCUSDC", "BTCUSDT"], 2));
        Assert.Empty(Spelling.Near("X", ["Y", "Z"], 3));
    }
}
