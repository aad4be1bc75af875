using System.CommandLine;

namespace Tape.Cli.Options;

/// <summary>The option <c>--vault</c> of every command that reads one.</summary>
internal static class VaultOption
{
    public static Option<DirectoryInfo> Create() => new("--vault")
    {
        Description = "Folder of the vault.",
        HelpName = "folder",
        DefaultValueFactory = _ => new DirectoryInfo("vault"),
    };

    /// <summary>The folder of a vault's tape.</summary>
    /// <exception cref="TapeException">There is none.</exception>
    public static string TapeFolder(DirectoryInfo vault)
    {
        var folder = Path.Combine(vault.FullName, "tape");
        return Directory.Exists(folder)
            ? folder
            : throw new TapeException($"There is no tape in {vault.FullName}.", "Name the vault's folder with --vault; 'tape collect' makes one.");
    }
}
