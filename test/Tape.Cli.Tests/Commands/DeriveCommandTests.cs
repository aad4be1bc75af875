using System.CommandLine;
using System.Text.Json;
using Tape.Host;
using Tape.TestKit.Files;

namespace Tape.Cli.Tests.Commands;

public sealed class DeriveCommandTests : IDisposable
{
    private readonly TemporaryFolder _vault = new();

    public DeriveCommandTests() => EverydayCommandTests.Vault.Fill(_vault.Path);

    public void Dispose() => _vault.Dispose();

    [Fact]
    public async Task A_sound_vault_verifies_with_status_0()
    {
        var (status, output) = await Run("derive", "--verify", "--vault", _vault.Path);
        Assert.Equal(ExitCode.Ok, status);
        Assert.StartsWith("1 ranges with 440 rows derived again: 0 differ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_part_is_found_with_status_1_and_made_again()
    {
        var part = Directory.GetFiles(_vault["raw"], "part-*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        File.Delete(part);
        var (status, output) = await Run("derive", "--verify", "--json", "--vault", _vault.Path);
        Assert.Equal(ExitCode.Findings, status);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Contains(Path.GetFileName(part), lines[0].GetProperty("files")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(1, lines[1].GetProperty("different").GetInt32());

        (status, output) = await Run("derive", "--from", "2026-11-20", "--vault", _vault.Path);
        Assert.Equal(ExitCode.Ok, status);
        Assert.Contains("now generation 1", output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await Run("derive", "--verify", "--vault", _vault.Path)).Status);
        Assert.Equal(ExitCode.Ok, (await Run("sanity", "--deep", "--json", "--vault", _vault.Path)).Status);
    }

    [Fact]
    public async Task Without_a_task_it_does_nothing() => Assert.Equal(ExitCode.Usage, (await Run("derive", "--vault", _vault.Path)).Status);

    private static async Task<(int Status, string Output)> Run(params string[] arguments)
    {
        var root = new RootCommand();
        foreach (var command in CommandList.Create()) root.Subcommands.Add(command);
        using var output = new StringWriter();
        var parse = root.Parse(arguments);
        if (parse.Errors.Count > 0) return (ExitCode.Usage, "");
        return (await parse.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = output }), output.ToString());
    }
}
