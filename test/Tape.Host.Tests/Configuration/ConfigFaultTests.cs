using Tape.Host.Configuration;

namespace Tape.Host.Tests.Configuration;

/// <summary>What a wrong configuration reports: everything at once, with lines.</summary>
public sealed class ConfigFaultTests
{
    private const string Head = "venues:\n  binance:\n    symbols: [BTCUSDT]\n";

    [Fact]
    public void All_faults_are_reported_at_once_in_the_order_of_the_file()
    {
        var faults = Faults("""
            vaul: ./x
            venues:
              binance:
                symbols: [btcusdt, ETH USDT]
                chanels: [aggTrade]
              kraken:
                symbols: [A]
            tape:
              commit_interval: 10 parsecs
            queue:
              size: [1]
            seal: 60s
            """);
        Assert.Equal([1, 4, 4, 5, 7, 9, 11, 12], faults.Select(fault => fault.Line));
        Assert.Contains("did you mean 'vault'?", faults[0].Text, StringComparison.Ordinal);
        Assert.Contains("did you mean BTCUSDT?", faults[1].Text, StringComparison.Ordinal);
        Assert.Contains("did you mean 'channels'?", faults[3].Text, StringComparison.Ordinal);
        Assert.Contains("Known: binance", faults[4].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vault: ~/data", 4, "only a shell expands")]
    [InlineData("vault: ${HOME}/data", 4, "only a shell expands")]
    [InlineData("tape:\n  commit_interval: 2s", 5, "from 0ms to 1s")]
    [InlineData("tape:\n  commit_interval: -1ms", 5, "found '-1ms'")]
    [InlineData("tape:\n  commit_interval: 10", 5, "such as 10ms")]
    [InlineData("tape:\n  segment_size: 1B", 5, "such as 64MiB")]
    [InlineData("tape:\n  segment_size: 5GiB", 5, "to 4 GiB")]
    [InlineData("tape:\n  segment_size: {a: 1}", 5, "found keys")]
    [InlineData("tape:\n  keep: 10m", 5, "found '10m'")]
    [InlineData("tape:\n  keep: for ever", 5, "found 'for ever'")]
    [InlineData("tape:\n  keep_size: 1MiB", 5, "found '1MiB'")]
    [InlineData("seal:\n  rows: many", 5, "a whole number from 1000 to 10000000")]
    [InlineData("seal:\n  rows: 1.5", 5, "found '1.5'")]
    [InlineData("log:\n  heartbeat:", 5, "found ''")]
    [InlineData("network:\n  proxy: proxy.example:3128", 5, "begins with http:// or socks5://")]
    [InlineData("network:\n  proxies: http://a:1", 5, "did you mean 'proxy'?")]
    [InlineData("align_books: yes", 4, "found 'yes', expected true or false")]
    [InlineData("queue: [1]", 4, "found a list, expected keys below it")]
    [InlineData("1: 2", 4, "1 is not a setting. Known here")]
    [InlineData("a: b", 4, "a is not a setting. Known here")]
    [InlineData("vault: [a]", 4, "expected a text")]
    public void A_wrong_value_is_reported_with_what_was_found_and_expected(string tail, int line, string text)
    {
        var fault = Assert.Single(Faults(Head + tail));
        Assert.Equal(line, fault.Line);
        Assert.Contains(text, fault.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unquoted_pattern_is_reported_to_need_quotes() =>
        Assert.Contains("\"*USDT\"", Assert.Single(Faults("venues:\n  binance:\n    symbols: [*USDT]\n")).Text, StringComparison.Ordinal);

    [Fact]
    public void A_password_in_a_faulty_address_is_not_shown()
    {
        var fault = Assert.Single(Faults(Head + "network:\n  proxy: socks9://me:secret@proxy:1"));
        Assert.Contains("found 'socks9://…@proxy:1', expected an address that begins with http:// or socks5://", fault.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("symbols: []", "No symbol is given")]
    [InlineData("symbols: [A, A]", "given more than once")]
    [InlineData("symbols: [[A]]", "expected a list such as [A, B]")]
    [InlineData("symbols: [A]\n    channels: [aggtrade]", "write aggTrade")]
    [InlineData("symbols: [A]\n    channels: [candles]", "is unknown: choose from aggTrade")]
    [InlineData("symbols: [A]\n    endpoint: https://x", "begins with ws:// or wss://")]
    [InlineData("symbols: [A]\n    endpoint: fstream", "begins with ws:// or wss://")]
    [InlineData("symbols: [A]\n    rest_endpoint: wss://x", "begins with http:// or https://")]
    [InlineData("symbols: \"*usdt\"", "did you mean *USDT?")]
    [InlineData("symbols: [A, !B*]", "Put symbol patterns in quotes")]
    [InlineData("symbols: all\n    channels: [candles]", "is unknown: choose from aggTrade")]
    public void What_a_venue_does_not_take_is_reported_with_its_line(string venue, string text)
    {
        var fault = Assert.Single(Faults($"venues:\n  binance:\n    {venue}\n"), fault => fault.Text.Contains(text, StringComparison.Ordinal));
        Assert.InRange(fault.Line, 3, 4);
    }

    [Theory]
    [InlineData("", 0, "venues: found none")]
    [InlineData("# nothing but a comment\n", 0, "venues: found none")]
    [InlineData("venues:\n", 1, "venues: found none")]
    [InlineData("venues:\n  binance:\n", 2, "No symbol is given")]
    [InlineData("just a text", 1, "found no keys")]
    [InlineData("- a\n- b\n", 1, "found no keys")]
    [InlineData("vault: x\n\tvenues: y\n", 1, "not YAML: ")]
    [InlineData("vault: \"x\n", 1, "not YAML: ")]
    [InlineData("vault: a\nvault: b\n", 2, "Duplicate key vault")]
    [InlineData(Head + "---\nvault: b\n", 5, "a second document")]
    public void A_file_that_is_no_configuration_is_refused(string text, int line, string expected)
    {
        var fault = Assert.Single(Faults(text));
        Assert.Equal(line, fault.Line);
        Assert.Contains(expected, fault.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://proxy.example:3128")]
    [InlineData("http://name:pass%20word@proxy.example:3128")]
    [InlineData("socks5://127.0.0.1:1080")]
    public void A_proxy_is_for_all_venues(string address)
    {
        var (config, faults) = ConfigReader.Read(Head + $"network:\n  proxy: {address}\n", Path.GetTempPath());
        Assert.Empty(faults);
        Assert.Equal(new Uri(address), config!.Recorder.Network.Proxy);
    }

    [Fact]
    public void Settings_left_away_have_their_defaults_and_paths_start_at_the_file()
    {
        var (config, faults) = ConfigReader.Read(Head, Path.GetFullPath("somewhere"));
        Assert.Empty(faults);
        Assert.Equal(Path.Combine(Path.GetFullPath("somewhere"), "vault"), config!.Recorder.Vault);
        Assert.Equal(TimeSpan.FromMilliseconds(10), config.Recorder.CommitInterval);
        Assert.Equal(64L << 20, config.Recorder.QueueBytes);
        Assert.Equal(5, Assert.Single(config.Recorder.Venues).Request.Channels.Count);
    }

    [Theory]
    [InlineData("", 256)]
    [InlineData("tape:\n  keep_size: 64MiB", 16)]
    [InlineData("tape:\n  keep_size: 64MiB\n  segment_size: 4MiB", 4)]
    [InlineData("tape:\n  keep_size: 100GiB", 256)]
    public void A_limit_of_the_tape_holds_several_segments(string tail, int mebibytes) =>
        Assert.Equal((long)mebibytes << 20, ConfigReader.Read(Head + tail, Path.GetTempPath()).Config!.Recorder.Tape.SegmentBytesMax);

    [Theory]
    [InlineData("tape:\n  keep: 36h", 36, null)]
    [InlineData("tape:\n  keep: 30d\n  keep_size: 100GiB", 720, 100L << 30)]
    [InlineData("tape:\n  keep_size: 64MiB", 168, 64L << 20)]
    [InlineData("", 168, null)]
    public void How_long_the_tape_is_kept_is_read(string tail, int hours, long? bytes)
    {
        var (config, faults) = ConfigReader.Read(Head + tail, Path.GetTempPath());
        Assert.Empty(faults);
        Assert.Equal((TimeSpan.FromHours(hours), bytes), (config!.Keep.Keep, config.Keep.KeepBytes));
    }

    private static IReadOnlyList<ConfigFault> Faults(string text)
    {
        var (config, faults) = ConfigReader.Read(text, Path.GetTempPath());
        Assert.Null(config);
        return faults;
    }
}
