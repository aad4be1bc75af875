using Tape.Host.Configuration;

namespace Tape.Host.Tests.Configuration;

public sealed class VenueSettingsTests
{
    [Theory]
    [InlineData("", "https://fapi.binance.com/")]
    [InlineData("endpoint: ws://127.0.0.1:9443", "http://127.0.0.1:9443/")]
    [InlineData("endpoint: wss://localhost:9443", "https://localhost:9443/")]
    [InlineData("endpoint: wss://stream.example.com", null)]
    [InlineData("rest_endpoint: http://rest.example.com/x", "http://rest.example.com/x")]
    [InlineData("endpoint: wss://stream.example.com\n    rest_endpoint: https://rest.example.com", "https://rest.example.com/")]
    public void The_rest_side_is_asked_where_the_same_network_is(string endpoints, string? address) =>
        Assert.Equal(address, Read($"symbols: all\n    {endpoints}").Venues[0].RestAddress?.AbsoluteUri);

    [Fact]
    public void Patterns_wait_for_the_list_and_names_do_not()
    {
        Assert.Equal(["A", "B"], Read("symbols: [A, B]").Recorder.Venues[0].Request.Symbols);
        Assert.Equal(["A"], Read("symbols: [A, \"B*\"]").Recorder.Venues[0].Request.Symbols);
        Assert.False(Read("symbols: [A, \"B*\"]").Venues[0].Symbols.IsExplicit);
    }

    private static TapeConfig Read(string venue)
    {
        var (config, faults) = ConfigReader.Read($"venues:\n  binance:\n    {venue}\n", Path.GetTempPath());
        Assert.Empty(faults);
        return config!;
    }
}
