using Tape.Host.Configuration;
using Tape.Venues;

namespace Tape.Host.Tests.Configuration;

public sealed class ConfigTemplateTests
{
    [Fact]
    public void Every_value_of_the_template_is_the_default()
    {
        var (written, faults) = ConfigReader.Read(ConfigTemplate.Write("./vault", ["BTCUSDT"], endpoint: null), Path.GetTempPath());
        Assert.Empty(faults);
        var (bare, _) = ConfigReader.Read("venues:\n  binance:\n    symbols: [BTCUSDT]\n", Path.GetTempPath());
        Assert.Equal(bare!.Seal, written!.Seal);
        Assert.Equal(bare.Keep, written.Keep);
        Assert.True(bare.AlignBooks && written.AlignBooks);
        Assert.False(ConfigReader.Read("align_books: false\nvenues:\n  binance:\n    symbols: [BTCUSDT]\n", Path.GetTempPath()).Config!.AlignBooks);
        Assert.Equal(bare.Recorder with { Venues = [] }, written.Recorder with { Venues = [] });
        Assert.Equal(bare.Recorder.Venues[0].Request.Channels, written.Recorder.Venues[0].Request.Channels);
        Assert.Null(written.Recorder.Venues[0].Request.Endpoint);
    }

    [Fact]
    public void The_other_venues_stand_in_it_with_their_defaults_and_need_only_their_marks_taken_away()
    {
        var lines = ConfigTemplate.Write("./vault", ["BTCUSDT"], endpoint: null).Split('\n');
        var (config, faults) = ConfigReader.Read(
            string.Join('\n', lines.Select(line => new[] { "  # bybit:", "  # okx:", "  #   " }.Any(start => line.StartsWith(start, StringComparison.Ordinal))
            ? $"  {line[4..]}" : line)), Path.GetTempPath());
        Assert.Empty(faults);
        Assert.Equal(VenueCatalog.All.Select(venue => venue.Name), config!.Venues.Select(venue => venue.Venue.Name));
        Assert.All(config.Venues, venue =>
            Assert.Equal(venue.Venue.Channels.Where(channel => channel.IsDefault).Select(channel => channel.Name), venue.Channels));
    }

    [Theory]
    [InlineData("./vault")]
    [InlineData("/data/vault")]
    [InlineData("my data")]
    [InlineData("a #1")]
    [InlineData("a: b")]
    [InlineData("it's")]
    [InlineData("\"quoted\"")]
    [InlineData("C:\\Users\\me\\new vault")]
    [InlineData("\\\\server\\share")]
    [InlineData("{a}")]
    [InlineData("[a]")]
    [InlineData("*a")]
    [InlineData("&a")]
    [InlineData("a~b")]
    [InlineData("null")]
    [InlineData("- a")]
    [InlineData("%TEMP%")]
    [InlineData("@a")]
    [InlineData("日本")]
    [InlineData("2026")]
    [InlineData(" a ")]
    public void A_vault_path_comes_back_as_it_was_given(string vault)
    {
        var folder = Path.GetTempPath();
        var (config, faults) = ConfigReader.Read(ConfigTemplate.Write(vault, ["BTCUSDT"], "ws://127.0.0.1:9443"), folder);
        Assert.Empty(faults);
        Assert.Equal(Path.GetFullPath(vault, folder), config!.Recorder.Vault);
        Assert.Equal(new Uri("ws://127.0.0.1:9443"), config.Recorder.Venues[0].Request.Endpoint);
    }
}
