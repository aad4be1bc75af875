using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Tape.Bench.Crash;
using Tape.Cli.Tests.Proof;
using Tape.Host;
using Tape.TestKit.Processes;

namespace Tape.Cli.Tests.Serving;

/// <summary>The recorder and the server as two real processes, against a simulator that knows what it sent.</summary>
public sealed class TwoProcessTests
{
    private const string Heavy = "/v1/query?sql=SELECT%20list(repeat('x',%201000)%20||%20range)%20FROM%20range(100000000)";

    [Fact]
    public async Task A_killed_server_and_a_query_that_eats_memory_cost_no_frame()
    {
        await using var vault = await RunningVault.CreateAsync();
        vault.Rehearsal.Configure(("query_memory: 1GiB", "query_memory: 64MiB"));
        await using var up = SupervisorProcess.Start(vault.Rehearsal.ConfigPath, vault.Vault);
        await up.RecordedAsync(300);
        using (var answer = await up.AskAsync("/v1/query?format=csv&sql=SELECT%20count(*)%20%3E%200%20AS%20any%20FROM%20trades"))
            Assert.Equal("any\ntrue\n", (await answer.Content.ReadAsStringAsync()).ReplaceLineEndings("\n"));
        using (var server = await up.ChildAsync("server")) server.Kill();

        // The recorder goes on without it; the supervisor says so and starts another one.
        var died = await up.LineAsync("child_died");
        Assert.Equal("server", died.GetProperty("child").GetString());
        await up.RecordedAsync(1500);
        using (var answer = await up.AskAsync(Heavy, life: 2))
            Assert.Contains("Out of Memory", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var answer = await up.AskAsync("/status", life: 2))
        {
            using var status = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            Assert.True(status.RootElement.GetProperty("recording").GetBoolean());
        }

        var (shown, text, _) = vault.Tape("status", "--vault", "vault", "--json");
        Assert.True(shown == ExitCode.Ok, text);
        Assert.Contains("\"recent\":", text, StringComparison.Ordinal);

        Assert.Equal((ExitCode.Ok, ""), await up.StopAsync());
        Assert.Single(up.Named("child_died"));
        Assert.Single(up.Named("collector_start"));
        var proof = await vault.Rehearsal.ProveAsync();
        Assert.True(proof.Unexplained == 0, string.Join('\n', proof.Faults));
        Assert.Equal((0L, proof.Sent - proof.InConnectionEnds), (proof.Dropped, proof.Stored));

        var (sound, report, _) = vault.Tape("sanity", "--deep", "--json", "--vault", "vault");
        Assert.True(sound == ExitCode.Ok, report);
        using var sanity = JsonDocument.Parse(report);
        Assert.Equal(0, sanity.RootElement.GetProperty("tail_rows").GetInt64());
        Assert.Equal(sanity.RootElement.GetProperty("rows").GetInt64(), sanity.RootElement.GetProperty("rows_proven").GetInt64());
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(vault.Vault, "tmp"), "query-*"));
    }

    [Fact]
    public async Task A_killed_recorder_is_started_again_and_without_the_supervisor_nothing_goes_on()
    {
        await using var vault = await RunningVault.CreateAsync();
        vault.Rehearsal.Configure(("  on: [READY, DEGRADED, OFFLINE, ERROR]", "  on: [ERROR]\n  command: [dotnet, --version]"));
        await using (var up = SupervisorProcess.Start(vault.Rehearsal.ConfigPath, vault.Vault))
        {
            await up.RecordedAsync(100);
            using (var recorder = await up.ChildAsync("recorder")) recorder.Kill();
            await up.LineAsync("alert_sent", line => line.GetProperty("state").GetString() == "ERROR");
            await up.LineAsync("collector_start", number: 2);
            await up.LineAsync("state_change", line => line.GetProperty("to").GetString() == "READY", number: 2);
            Assert.Equal("recorder", Assert.Single(up.Named("child_died")).GetProperty("child").GetString());
            using var children = new Children(await up.ChildAsync("recorder", 2), await up.ChildAsync("server"));
            await up.KillAloneAsync();
            await children.AreGoneAsync();
        }

        // Both ended in order: nothing is locked, nothing is left to seal.
        var (sound, report, _) = vault.Tape("sanity", "--json", "--vault", "vault");
        Assert.True(sound == ExitCode.Ok, report);
        var (status, text, _) = vault.Tape("status", "--vault", "vault");
        Assert.Equal(ExitCode.Findings, status);
        Assert.Contains("the recorder has stopped", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_supervisor_a_fault_in_the_configuration_and_a_recorder_that_hangs_are_reported_and_end_nothing()
    {
        await using var vault = await RunningVault.CreateAsync();
        var config = vault.Rehearsal.ConfigPath;
        await using var up = SupervisorProcess.Start(config, vault.Vault);
        await up.RecordedAsync(100);
        await up.LineAsync("vault_state", To("READY"));
        var (refused, _, error) = vault.Tape("up", "--config", config, "--plain");
        Assert.Equal(ExitCode.Failed, refused);
        Assert.Contains("the log of the supervisor is being written by tape up, process ", error, StringComparison.Ordinal);

        var good = File.ReadAllText(config);
        File.AppendAllText(config, "\nnonsense: 1\n");
        using (var server = await up.ChildAsync("server")) server.Kill();
        await up.LineAsync("child_died", line => line.GetProperty("status").GetInt32() == ExitCode.Usage);
        // A machine under load may have been DEGRADED for other reasons before.
        var degraded = await up.LineAsync("supervised_state", line => To("DEGRADED")(line)
            && line.GetProperty("why")[0].GetString()!.StartsWith("the server's process ended by itself", StringComparison.Ordinal));
        File.WriteAllText(config, good);
        var ready = await up.LineAsync("supervised_state", line => To("READY")(line) && IsAfter(line, degraded));

        if (OperatingSystem.IsLinux())
        {
            using var recorder = await up.ChildAsync("recorder");
            Signal("STOP", recorder);
            // By the server, which finds no ticks on the tape, or by the supervisor, which hears nothing: the sooner one.
            var hung = await up.LineAsync("supervised_state", line => (To("OFFLINE")(line) || To("ERROR")(line)) && IsAfter(line, ready));
            Assert.Matches("^(no sign of life from the recorder since|the recorder's process has said nothing for)", hung.GetProperty("why")[0].GetString());
            Signal("CONT", recorder);
            await up.LineAsync("supervised_state", line => To("READY")(line) && IsAfter(line, hung));
        }

        Assert.Equal((ExitCode.Ok, ""), await up.StopAsync());
        Assert.Single(up.Named("collector_start"));
        Assert.DoesNotContain(up.Named("child_died"), line => line.GetProperty("child").GetString() == "recorder");
        var proof = await vault.Rehearsal.ProveAsync();
        Assert.True(proof.Unexplained == 0, string.Join('\n', proof.Faults));
    }

    private static Func<JsonElement, bool> To(string state) => line => line.GetProperty("to").GetString() == state;

    private static bool IsAfter(JsonElement line, JsonElement other) =>
        string.CompareOrdinal(line.GetProperty("time").GetString(), other.GetProperty("time").GetString()) > 0;

    private static void Signal(string name, Process process)
    {
        using var kill = Process.Start("kill", [$"-{name}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    [Fact]
    public void Without_a_vault_or_a_configuration_nothing_begins()
    {
        using var root = new TestKit.Files.TemporaryFolder();
        var (status, _, error) = TapeProcess.Run(root.Path, "", "up");
        Assert.Equal(ExitCode.Usage, status);
        Assert.Contains("tape init", error, StringComparison.Ordinal);
        File.WriteAllText(root["tape.yaml"], "venues:\n  binance:\n    symbols: [BTCUSDT]\n");
        (status, _, error) = TapeProcess.Run(root.Path, "", "serve");
        Assert.Equal(ExitCode.Failed, status);
        Assert.Contains("is no vault", error, StringComparison.Ordinal);
        Assert.Equal(["tape.yaml"], Directory.EnumerateFileSystemEntries(root.Path).Select(path => Path.GetFileName(path)));
    }

    private sealed class Children(params Process[] processes) : IDisposable
    {
        public Task AreGoneAsync() => Task.WhenAll(processes.Select(process => process.WaitForExitAsync())).WaitAsync(TestKit.Time.Patience.Max);

        public void Dispose()
        {
            foreach (var process in processes) process.Dispose();
        }
    }
}
