using System.Text.Json;
using System.Text.RegularExpressions;
using Tape.Api.Tests.Support;
using Tape.TestKit.Repo;

namespace Tape.Api.Tests;

/// <summary>The figures by Prometheus' conventions, and the dashboard and alert rules that read them.</summary>
public sealed partial class MonitoringSamplesTests : ApiHarness
{
    private static readonly string Samples = Path.Combine(RepoFolder.Root, "samples", "prometheus");

    [Fact]
    public async Task Every_figure_that_the_samples_name_is_one_of_the_server()
    {
        // Help is written for figures that have values only: these two need a recorder's note or a book.
        var known = (await NamesAsync()).Concat(["tape_books", "tape_clock_offset_seconds"]).ToHashSet();
        foreach (var file in new[] { "alert-rules.yml", "grafana-dashboard.json" })
        {
            var named = Figure().Matches(File.ReadAllText(Path.Combine(Samples, file))).Select(match => match.Value).Distinct().ToList();
            Assert.InRange(named.Count, 5, 100);
            Assert.All(named, name => Assert.True(known.Contains(name), $"{file} names {name}, which the server does not have."));
        }
    }

    [Fact]
    public void The_dashboard_is_JSON_whose_panels_all_ask_something()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Samples, "grafana-dashboard.json")));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();
        Assert.True(panels.Count > 5);
        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(panels.SelectMany(panel => panel.GetProperty("targets").EnumerateArray()),
            target => Assert.NotEmpty(target.GetProperty("expr").GetString()!));
    }

    [Fact]
    public async Task Names_follow_the_conventions_of_Prometheus()
    {
        foreach (var line in (await TextAsync()).Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)))
        {
            var parts = line.Split(' ');
            Assert.Matches("^tape_[a-z][a-z0-9_]*$", parts[2]);
            Assert.True(parts[3] == "counter" == parts[2].EndsWith("_total", StringComparison.Ordinal), line);
            Assert.DoesNotMatch("_(ms|ns|us|minutes|hours|kb|mb|kib|mib|percent)(_total)?$", parts[2]);
        }
    }

    [PromtoolFact]
    public async Task Prometheus_own_checker_finds_nothing()
    {
        Assert.Equal((0, ""), Promtool.Run(await TextAsync(), "check", "metrics"));
        Assert.Contains("SUCCESS", Promtool.Run("", "check", "rules", Path.Combine(Samples, "alert-rules.yml")).Output, StringComparison.Ordinal);
    }

    private async Task<IEnumerable<string>> NamesAsync() =>
        Figure().Matches(await TextAsync()).Select(match => match.Value).Distinct();

    private async Task<string> TextAsync()
    {
        Tape.Start().Connect().Trades(2).Tick().Say("DEGRADED", "1 of 4 streams are silent");
        Follow();
        return await Client.GetStringAsync("/metrics/prometheus");
    }

    [GeneratedRegex("tape_[a-z0-9_]+")]
    private static partial Regex Figure();
}
