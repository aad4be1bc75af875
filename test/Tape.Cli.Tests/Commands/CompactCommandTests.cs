using System.Text.Json;
using Tape.Core.Errors;
using Tape.Host;
using Tape.Storage.Files;
using Tape.TestKit.Files;
using Tape.TestKit.Vaults;

namespace Tape.Cli.Tests.Commands;

/// <summary><c>tape compact</c> over a vault whose first day ended 70 s before its newest record, of which 30 s are not sealed yet.</summary>
public sealed class CompactCommandTests : IDisposable
{
    private readonly TemporaryFolder _vault = new();

    public CompactCommandTests() => EverydayCommandTests.Vault.Fill(_vault.Path);

    public void Dispose() => _vault.Dispose();

    [Fact]
    public async Task A_day_is_refused_until_it_is_finished_then_made_and_merged_and_then_left_alone()
    {
        var unfinished = await Assert.ThrowsAsync<TapeException>(() => RunAsync("--day", "2026-11-20"));
        Assert.Contains("2026-11-20 is no finished day: the latest sealed frame was received at 2026-11-21T00:00:39", unfinished.Message,
            StringComparison.Ordinal);
        Assert.Contains("'tape seal'", unfinished.Hint, StringComparison.Ordinal);
        Assert.Equal("no finished day waits\n", await RunAsync());
        Assert.False(Directory.Exists(Path.Combine(_vault.Path, "compact", "v1")));

        Assert.Equal(ExitCode.Ok, (await InProcess.RunAsync("seal", "--vault", _vault.Path)).Status);
        var made = (await RunAsync("--day", "2026-11-20", "--json")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).ToList();
        // One seal has brought it, so that there is nothing to fold.
        var day = Assert.Single(made);
        Assert.Equal(("2026-11-20", 0, 4, 4, 0),
            (day.GetProperty("day").GetString(), Number(day, "generation"), Number(day, "raw_files"), Number(day, "files"), Number(day, "duplicates")));
        Assert.Equal(Number(day, "raw_rows"), Number(day, "rows"));
        var trades = day.GetProperty("tables").EnumerateArray().Single(table => table.GetProperty("table").GetString() == "trades");
        Assert.Equal(("binance", 2 * 60), (trades.GetProperty("exchange").GetString(), Number(trades, "rows")));
        Assert.Equal(Number(trades, "bytes"), new FileInfo(Path.Combine(_vault.Path, trades.GetProperty("path").GetString()!)).Length);

        Assert.Equal("2026-11-20 is made: 4 files, nothing has changed since\n", await RunAsync("--day", "2026-11-20"));
        Assert.Equal("", await RunAsync("--json"));
    }

    [Fact]
    public async Task What_was_made_is_printed_with_the_number_of_files_before_and_after()
    {
        // All seconds but the first again, by another connection: these events came twice, and each table of the day has two parts.
        SmallMarket.Record(DiskFiles.Instance, _vault.Path, 1, 60, TimeSpan.FromSeconds(1));
        Assert.Equal(ExitCode.Ok, (await InProcess.RunAsync("seal", "--vault", _vault.Path)).Status);
        var lines = (await RunAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Matches(@"^2026-11-20: 520 rows in 8 files of [0-9.]+ KiB -> 264 rows in 4 files of [0-9.]+ KiB, 256 duplicates left out$", lines[0]);
        Assert.Equal("2026-11-20: 8 RAW files merged into 4", lines[1]);
        Assert.Equal("no finished day waits\n", await RunAsync());
        Assert.Equal(ExitCode.Ok, (await InProcess.RunAsync("sanity", "--deep", "--vault", _vault.Path)).Status);
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var (status, output) = await InProcess.RunAsync(["compact", .. arguments, "--vault", _vault.Path]);
        Assert.Equal(ExitCode.Ok, status);
        return output.ReplaceLineEndings("\n");
    }

    private static long Number(JsonElement json, string name) => json.GetProperty(name).GetInt64();
}
