using System.Text.Json;
using Tape.Api;
using Tape.Host;
using Tape.Host.Processes;
using Tape.Host.Queries;
using Tape.Query.Engine;
using Tape.TestKit.Files;
using Tape.Query.Requests;
using Tape.TestKit.Processes;
using Tape.TestKit.Time;

namespace Tape.Cli.Tests.Serving;

/// <summary>What one question of the server may take, held by its real process.</summary>
public sealed class QueryLimitTests : IDisposable
{
    private static readonly ApiQueryLimits Limits = new()
    {
        MemoryBytes = QueryLimits.MemoryBytesMin,
        RowsMax = 1000,
        AnswerBytesMax = 100_000,
        Timeout = Patience.Max,
    };

    private readonly TemporaryFolder _vault = new();

    public void Dispose() => _vault.Dispose();

    [Fact]
    public async Task An_answer_at_the_limit_is_whole_and_one_beyond_is_refused_whole()
    {
        Assert.Equal(1000, (await AskAsync("SELECT range FROM range(1000)")).GetArrayLength());
        await RefusedAsync("SELECT range FROM range(1001)", "more than 1000 rows");
        await RefusedAsync("SELECT repeat('x', 1000) AS x FROM range(200)", "more than 100000 bytes");
        await RefusedAsync("SELECT nonsense", "nonsense");
        Assert.Empty(Directory.GetFileSystemEntries(_vault["tmp"]));
    }

    [Fact]
    public async Task An_abandoned_query_leaves_nothing_behind()
    {
        using var cancel = new CancellationTokenSource();
        var asking = new QueryRunner(_vault.Path).RunAsync(Question("SELECT count(*) FROM range(1000000000000)"), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Empty(Directory.GetFileSystemEntries(_vault["tmp"]));
    }

    [Fact]
    public void What_a_server_that_is_gone_left_behind_is_removed_by_the_next_one_and_nothing_else()
    {
        var gone = Directory.CreateDirectory(_vault[Path.Combine("tmp", $"query-{int.MaxValue}-abc")]);
        File.WriteAllText(Path.Combine(gone.FullName, "answer"), "[");
        foreach (var name in new[] { $"query-{Environment.ProcessId}-abc", "query-mine", "other" })
            Directory.CreateDirectory(_vault[Path.Combine("tmp", name)]);
        _ = new QueryRunner(_vault.Path);
        Assert.Equal(["other", $"query-{Environment.ProcessId}-abc", "query-mine"],
            Directory.EnumerateDirectories(_vault["tmp"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task On_Linux_the_system_holds_the_process_to_its_memory_and_offers_it_first()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var child = TapeProcess.Start(_vault.Path, "query-child");
        var request = new QueryRequest(_vault.Path, "SELECT count(*) FROM range(1000000000000)", null, null, "csv", null, null, QueryLimits.MemoryBytesMin,
            Patience.Max.TotalSeconds, null);
        await child.StandardInput.WriteLineAsync(request.ToJson());
        await child.StandardInput.FlushAsync();
        var began = TimeProvider.System.GetTimestamp();
        while (!HasLimit(child.Id))
        {
            Assert.False(child.HasExited, "the process ended before it had a limit");
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience.Max, "the process never had a limit");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        child.StandardInput.Close();
        await child.WaitForExitAsync().WaitAsync(Patience.Max);
        Assert.Equal(ExitCode.Cancelled, child.ExitCode);
    }

    private static bool HasLimit(int process)
    {
        var line = File.ReadLines($"/proc/{process}/limits").First(line => line.StartsWith("Max data size", StringComparison.Ordinal));
        return !line.Contains("unlimited", StringComparison.Ordinal);
    }

    private static ApiQuestion Question(string sql) => new(sql, "json", null, null, Limits);

    private async Task<JsonElement> AskAsync(string sql)
    {
        using var answer = await new QueryRunner(_vault.Path).RunAsync(Question(sql), CancellationToken.None);
        await using var text = answer.Open();
        Assert.Equal(answer.Bytes, text.Length);
        using var document = await JsonDocument.ParseAsync(text);
        return document.RootElement.Clone();
    }

    private async Task RefusedAsync(string sql, string because)
    {
        var fault = await Assert.ThrowsAsync<QueryFailedException>(() => new QueryRunner(_vault.Path).RunAsync(Question(sql), CancellationToken.None));
        Assert.Contains(because, fault.Message, StringComparison.Ordinal);
        Assert.True(fault.IsCallersFault);
    }
}
