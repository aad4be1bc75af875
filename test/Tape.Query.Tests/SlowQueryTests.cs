using System.Text.Json;
using Tape.Core.Errors;
using Tape.Query.Engine;
using Tape.Query.Requests;

namespace Tape.Query.Tests;

public sealed class SlowQueryTests
{
    [Fact]
    public void A_question_that_takes_as_long_as_the_limit_gets_a_line_that_says_all_about_it()
    {
        using var vault = new QueryFixture().Filled();
        Directory.CreateDirectory(Path.Combine(vault.Vault, "logs"));
        Ask(vault, "SELECT symbol FROM trades LIMIT 3", slowSeconds: 0);
        Assert.ThrowsAny<TapeException>(() => Ask(vault, "SELECT nothing FROM trades", slowSeconds: 0));
        var lines = File.ReadAllLines(LogOf(vault)).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(2, lines.Count);
        Assert.Equal(("SELECT symbol FROM trades LIMIT 3", 3), (lines[0].GetProperty("sql").GetString(), lines[0].GetProperty("rows").GetInt32()));
        Assert.True(lines[0].GetProperty("files").GetInt32() > 0);
        Assert.True(lines[0].GetProperty("seconds").GetDouble() >= 0);
        Assert.Contains("nothing", lines[1].GetProperty("failed").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_fast_question_gets_none_and_neither_does_a_vault_without_logs()
    {
        using var vault = new QueryFixture().Filled();
        Ask(vault, "SELECT 1", slowSeconds: 0);
        Assert.False(Directory.Exists(Path.Combine(vault.Vault, "logs")));
        Directory.CreateDirectory(Path.Combine(vault.Vault, "logs"));
        Ask(vault, "SELECT 1", slowSeconds: 3600);
        Assert.False(File.Exists(LogOf(vault)));
    }

    [Fact]
    public void A_full_log_gets_another_name()
    {
        using var vault = new QueryFixture().Filled();
        Directory.CreateDirectory(Path.Combine(vault.Vault, "logs"));
        File.WriteAllBytes(LogOf(vault), new byte[4 << 20]);
        Ask(vault, "SELECT 1", slowSeconds: 0);
        Assert.Single(File.ReadAllLines(LogOf(vault)));
        Assert.Equal(4 << 20, new FileInfo(LogOf(vault).Replace("queries.", "queries.1.", StringComparison.Ordinal)).Length);
    }

    private static string LogOf(QueryFixture vault) => Path.Combine(vault.Vault, "logs", "slow-queries.jsonl");

    private static void Ask(QueryFixture vault, string sql, double slowSeconds)
    {
        using var output = new MemoryStream();
        var request = new QueryRequest(vault.Vault, sql, null, null, "csv", null, null, 1L << 28, 60, null) { SlowSeconds = slowSeconds };
        QueryRun.Answer(request, (_, _) => vault.Snapshot, TimeProvider.System, output, _ => { }, CancellationToken.None);
    }
}
