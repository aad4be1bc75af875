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

    private (int Status, string Output, string Error) Run(params string[] line) => TapeProcess.Run(_folder.Path, "", line);
}
