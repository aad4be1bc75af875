using Tape.Core.Errors;

namespace Tape.Core.Tests.Errors;

public sealed class UnknownNameTests
{
    private static readonly string[] Known = ["BTCUSDT", "ETHUSDT", "1000SHIBUSDT", "btcusdt_x"];

    [Theory]
    [InlineData("BTCUSDT", "BTCUSDT")]
    [InlineData("ethUSDT", "ETHUSDT")]
    public void Upper_and_lower_case_mean_the_same_name(string text, string name) =>
        Assert.Equal(name, UnknownNameException.Resolve("a symbol", "this vault", text, Known));

    [Fact]
    public void The_exact_name_goes_before_one_in_another_case() =>
        Assert.Equal("btcusdt", UnknownNameException.Resolve("a symbol", "this vault", "btcusdt", [.. Known, "btcusdt"]));

    [Theory]
    [InlineData("btcusd", "Did you mean BTCUSDT?")]
    [InlineData("NOTHING", "There are 1000SHIBUSDT, BTCUSDT, ETHUSDT, btcusdt_x.")]
    public void Another_name_is_refused_with_the_near_ones_or_the_first(string text, string hint)
    {
        var fault = Assert.Throws<UnknownNameException>(() => UnknownNameException.Resolve("a symbol", "this vault", text, Known));
        Assert.Equal(($"'{text}' is not a symbol of this vault.", hint), (fault.Message, fault.Hint));
    }
}
