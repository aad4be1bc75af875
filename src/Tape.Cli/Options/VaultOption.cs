using System.CommandLine;
using Tape.Host;
using Tape.Storage.Files;
using Tape.Storage.Vaults;

namespace Tape.Cli.Options;

/// <summary>The option <c>--vault</c> of every command that reads one.</summary>
internal static class VaultOption
{
    public static Option<DirectoryInfo> Create()
    {
        var option = New();
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.StartsWith('~')))
                result.AddError("--vault: found ~, which only a shell expands, and only at the beginning of a word: write '--vault ~/folder'.");
        });
        return option;
    }

    private static Option<DirectoryInfo> New() => new("--vault")
    {
        Description = $"Folder of the vault; without it {VaultPlace.Variable}, else the one that tape.yaml here names, else vault.",
        HelpName = "folder",
        DefaultValueFactory = _ => new DirectoryInfo(Found().Folder),
    };

    /// <summary>
    /// Refuses a folder that is no vault, for commands that take one, and says which they take where the command line does not, unless they print JSON; a
    /// terminal or log may show it beside the answer.
    /// </summary>
    /// <exception cref="UsageException">It would be in a <c>tape.yaml</c> that can't be read.</exception>
    /// <exception cref="TapeException">The folder is no vault.</exception>
    public static void Require(ParseResult parse, TextWriter error)
    {
        var option = parse.CommandResult.Command.Options.OfType<Option<DirectoryInfo>>().FirstOrDefault(option => option.Name == "--vault");
        if (option is null) return;
        if (parse.GetResult(option) is null or { Implicit: true }) TellWhich(parse, error);
        VaultMarker.Require(DiskFiles.Instance, parse.GetValue(option)!.FullName);
    }

    private static void TellWhich(ParseResult parse, TextWriter error)
    {
        var place = Found();
        if (place.Fault is { } fault)
            throw new UsageException($"the vault is not named, and {fault.Message}", "Name the vault with --vault, or correct the file.");
        if (place.Source is { } source && !parse.Tokens.Any(token => token.Value == "--json")) error.WriteLine($"vault: {place.Folder} ({source})");
    }

    private static VaultPlace Found() => VaultPlace.Find(Environment.GetEnvironmentVariable(VaultPlace.Variable), Directory.GetCurrentDirectory());

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
