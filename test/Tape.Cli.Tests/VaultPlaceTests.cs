using Tape.Host;
using Tape.TestKit.Files;
using Tape.TestKit.Processes;
using Tape.TestKit.Vaults;
using Tape.Storage.Files;

namespace Tape.Cli.Tests;

/// <summary>How commands find the vault when the command line does not name it.</summary>
public sealed class VaultPlaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_configuration_here_names_the_vault_and_the_program_says_so_beside_the_answer()
    {
        Assert.Equal(ExitCode.Ok, Run("init", "--vault", "./elsewhere").Status);
        SmallMarket.Record(DiskFiles.Instance, _folder["elsewhere"], 0, 3, TimeSpan.FromSeconds(1));
        var (status, output, error) = Run("log", "ls");
        Assert.Equal(ExitCode.Ok, status);
        Assert.Contains("1 segments", output, StringComparison.Ordinal);
        Assert.Equal($"vault: {_folder["elsewhere"]} (tape.yaml)\n", error);
        Assert.Equal("", Run("log", "ls", "--json").Error);
        Assert.Equal("", Run("log", "ls", "--vault", "elsewhere").Error);
    }

    [Fact]
    public void The_environment_goes_before_the_configuration_and_the_default_is_vault()
    {
        Assert.Equal(ExitCode.Ok, Run("init", "--vault", "./elsewhere").Status);
        Assert.Equal(new("/data/v", "TAPE_VAULT", null), Options.VaultPlace.Find("/data/v", _folder.Path));
        Assert.Equal(new(_folder["elsewhere"], "tape.yaml", null), Options.VaultPlace.Find("", _folder.Path));
        Assert.Equal(new("vault", null, null), Options.VaultPlace.Find(null, _folder["nowhere"]));
    }

    [Fact]
    public void A_configuration_that_can_not_be_read_is_an_error_and_no_other_vault_is_asked()
    {
        File.WriteAllText(_folder["tape.yaml"], "vault: ~/data\n");
        var (status, _, error) = Run("log", "ls");
        Assert.Equal(ExitCode.Usage, status);
        Assert.Contains("only a shell expands", error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, Run("log", "ls", "--help").Status);
        Assert.Equal(ExitCode.Usage, Run("log", "ls", "--vault=~/data").Status);
    }

    [Fact]
    public void Commands_that_ask_refuse_what_is_no_vault_and_make_nothing_there_and_a_desks_folder_is_adopted_by_name()
    {
        Directory.CreateDirectory(_folder["desk/data"]);
        foreach (var command in new string[][] { ["query", "SELECT 1"], ["gaps"], ["sanity"], ["last", "BTCUSDT"], ["path", "trades", "binance", "today"],
            ["status"] })
            foreach (var vault in new[] { "desk", "nowhere" })
            {
                var (status, _, error) = Run([.. command, "--vault", vault]);
                Assert.True(status == ExitCode.Failed, $"{command[0]} {status} {error}");
                Assert.Contains($"{_folder[vault]} is no vault: found ", error, StringComparison.Ordinal);
            }

        Assert.Equal(["data"], Directory.GetFileSystemEntries(_folder["desk"]).Select(Path.GetFileName));
        Assert.False(Directory.Exists(_folder["nowhere"]));
        var (adopted, output, _) = Run("init", "--vault", "desk");
        Assert.Equal((ExitCode.Ok, true), (adopted, File.Exists(_folder["desk/vault.json"])));
        Assert.Contains("desk is a vault now (vault.json); what is in it stays as it is: data.", output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, Run("query", "SELECT 1", "--vault", "desk").Status);
    }

    private (int Status, string Output, string Error) Run(params string[] line) => TapeProcess.Run(_folder.Path, "", line);
}
