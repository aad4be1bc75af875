using Tape.Core.Health;
using Tape.Host.Configuration;

namespace Tape.Host.Tests.Configuration;

public sealed class ServingReaderTests
{
    private const string Head = "venues:\n  binance:\n    symbols: [BTCUSDT]\n";

    [Fact]
    public void The_sections_api_and_alerts_are_read_whole()
    {
        var (config, faults) = ConfigReader.Read(
            Head + """
            api:
              port: 0
              hosts: [vault.example]
              origins: ["http://localhost:5173"]
              queries: 3
              query_timeout: 5s
              query_memory: 128MiB
              query_rows: 7
            alerts:
              on: [error, OFFLINE]
              every: 5m
              timeout: 3s
              remind: 2h
              webhook: https://hooks.example/x?key=1
              webhook_headers: { X-Team: desk }
              command: [notify-send, Tapevault]
            """, Path.GetTempPath());
        Assert.Empty(faults);
        Assert.Equal((0, 3, "vault.example", "http://localhost:5173"),
            (config!.Api.Port, config.Api.QueriesMax, config.Api.Hosts.Single(), config.Api.Origins.Single()));
        Assert.Equal((TimeSpan.FromSeconds(5), 128L << 20, 7L), (config.Api.Query.Timeout, config.Api.Query.MemoryBytes, config.Api.Query.RowsMax));
        Assert.Equal([RecorderState.Offline, RecorderState.Error], config.Alerts.On.Order());
        Assert.Equal((TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(3)), (config.Alerts.Every, config.Alerts.Timeout));
        Assert.Equal(["webhook hooks.example", "command notify-send"],
            config.Alerts.Ways(config.Recorder.Network, TimeProvider.System, _ => null).Select(way => way.Name));
        Assert.Equal((TimeSpan.FromHours(2), "desk"), (config.Alerts.Remind, config.Alerts.WebhookHeaders["X-Team"]));
        var fault = Assert.Throws<UsageException>(() => config.Alerts.Ways(config.Recorder.Network, TimeProvider.System, _ => "a bad secret"));
        Assert.Contains("TAPE_WEBHOOK_SECRET: found a text of 12 characters", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api:\n  port: 70000", "a whole number from 0 to 65535")]
    [InlineData("api:\n  origins: [localhost]", "expected an origin such as http://localhost:5173")]
    [InlineData("api:\n  origins: [\"http://localhost:5173/page\"]", "without a path")]
    [InlineData("api:\n  tocken: x", "api.tocken is not a setting")]
    [InlineData("alerts:\n  on: [LATE]", "found 'LATE', expected states out of READY, DEGRADED, OFFLINE, ERROR")]
    [InlineData("alerts:\n  on: [\"1\"]", "found '1'")]
    [InlineData("alerts:\n  webhook: hooks.example", "begins with https:// or http://")]
    [InlineData("alerts:\n  webhook_headers: { \"X Team\": desk }", "a name or value that a request can't carry")]
    [InlineData("alerts:\n  webhook_headers: { Content-Type: text/plain }", "not a header of the body")]
    [InlineData("alerts:\n  webhook_headers: { X-Team: \"a\\r\\nb\" }", "one line as the value")]
    [InlineData("alerts:\n  on: [starting]", "found 'starting'")]
    [InlineData("alerts:\n  command: [\"\"]", "found an empty part")]
    public void What_is_wrong_in_them_is_reported_with_its_line(string text, string says)
    {
        var (_, faults) = ConfigReader.Read(Head + text, Path.GetTempPath());
        var fault = Assert.Single(faults);
        Assert.Equal(5, fault.Line);
        Assert.Contains(says, fault.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_template_has_their_defaults()
    {
        var (written, _) = ConfigReader.Read(ConfigTemplate.Write("./vault", ["BTCUSDT"], endpoint: null), Path.GetTempPath());
        var (bare, _) = ConfigReader.Read(Head, Path.GetTempPath());
        Assert.Equal(bare!.Api with { Hosts = [], Origins = [] }, written!.Api with { Hosts = [], Origins = [] });
        Assert.Equal(bare.Alerts.On.Order(), written.Alerts.On.Order());
        Assert.Equal(bare.Alerts with { On = written.Alerts.On, Command = [] }, written.Alerts with { Command = [] });
    }
}
