using System.CommandLine;
using System.Text.Json;
using Tape.Host;
using Tape.TestKit.Files;

namespace Tape.Bench.Tests;

/// <summary>Benches, run small: they print JSON, find what they plant, and leave nothing behind.</summary>
public sealed class BenchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Planted_gaps_are_found_as_planted(int seed)
    {
        var (exit, text) = Run("gaps", "--seed", $"{seed}", "--anomalies", "60");
        Assert.True(exit == ExitCode.Ok, text);
        using var json = JsonDocument.Parse(text[text.IndexOf('{', StringComparison.Ordinal)..]);
        Assert.True(json.RootElement.GetProperty("proved_by_ids").GetProperty("right").GetInt64() > 50, text);
        Assert.True(json.RootElement.GetProperty("by_time").GetProperty("right").GetInt64() > 100, text);
    }

    [Fact]
    public void A_ledger_that_hides_some_fails_the_bench() =>
        Assert.Equal(ExitCode.Findings, Run("gaps", "--seed", "13", "--anomalies", "20", "--canary").Exit);

    [Fact]
    public void The_bench_prints_JSON()
    {
        var (exit, text) = Run("tape", "--folder", _folder.Path, "--seconds", "0.05");
        using var result = JsonDocument.Parse(text);
        Assert.Equal(0, exit);
        Assert.True(result.RootElement.GetProperty("frames_per_second").GetDouble() > 0);
        Assert.Empty(Directory.GetDirectories(_folder.Path));
    }

    [Fact]
    public void The_bench_of_derivation_derives_compressed_segments()
    {
        var (exit, text) = Run("derive", "--folder", _folder.Path, "--frames", "100000", "--kinds", "bookTicker");
        using var result = JsonDocument.Parse(text);
        Assert.Equal(0, exit);
        Assert.Equal(100_000, result.RootElement.GetProperty("rows").GetInt64());
        Assert.True(result.RootElement.GetProperty("segments_compressed").GetInt32() > 0);
        Assert.Empty(Directory.GetDirectories(_folder.Path));
        Assert.NotEmpty(Root().Parse(["derive", "--kinds", "aggTrade,tick"]).Errors);
    }

    [Fact]
    public void The_bench_of_candles_closes_minutes()
    {
        var (exit, text) = Run("candles", "--trades", "400000");
        using var result = JsonDocument.Parse(text);
        Assert.Equal(0, exit);
        Assert.Equal(20, result.RootElement.GetProperty("minutes").GetInt32());
        Assert.NotEmpty(Root().Parse(["candles", "--trades", "10"]).Errors);
    }

    private static (int Exit, string Text) Run(params string[] arguments)
    {
        var output = new StringWriter();
        var exit = Root().Parse(arguments).Invoke(new InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false });
        return (exit, output.ToString());
    }

    private static RootCommand Root() => [.. BenchList.Create()];
}
