using System.CommandLine;
using Tape.Host;
using Tape.Host.Configuration;
using Tape.Storage.Files;
using Tape.Storage.Vaults;

namespace Tape.Cli.Commands;

/// <summary>
/// <c>tape init</c>: writes a commented configuration, never over one that is there, and marks a folder as a vault that a desk's files are in already.
/// </summary>
internal static class InitCommand
{
    private const int NamesShown = 5;

    public static Command Create()
    {
        var config = new Option<string>("--config", "-c") { HelpName = "file", Description = "The file to write.", DefaultValueFactory = _ => "tape.yaml" };
        var vault = new Option<string>("--vault")
        {
            HelpName = "folder",
            Description = "The folder of the data, as written into the file. One that is there is marked as a vault (vault.json); nothing in it is changed.",
            DefaultValueFactory = _ => "./vault",
        };
        var symbols = new Option<string>("--symbols")
        {
            HelpName = "list",
            Description = "Binance symbols, separated by commas.",
            DefaultValueFactory = _ => "BTCUSDT,ETHUSDT",
        };
        var command = new Command("init", "Write a commented tape.yaml to start from.") { config, vault, symbols };
        command.SetAction(parse =>
        {
            var isMarked = parse.GetResult(vault) is { Implicit: false } && Adopt(parse.GetValue(vault)!);
            return isMarked && File.Exists(parse.GetValue(config)!)
                ? ExitCode.Ok : Run(parse.GetValue(config)!, parse.GetValue(vault)!, parse.GetValue(symbols)!);
        });
        return command;
    }

    /// <summary>Marks a folder that is there; one that is not is made by the recorder.</summary>
    private static bool Adopt(string vault)
    {
        if (!Directory.Exists(vault)) return false;
        var names = VaultMarker.Names(DiskFiles.Instance, vault);
        if (!VaultMarking.Adopt(Path.GetFullPath(vault))) return false;
        var listed = $"{string.Join(", ", names.Take(NamesShown))}{(names.Count > NamesShown ? $" and {names.Count - NamesShown} more" : "")}";
        Console.WriteLine($"{vault} is a vault now ({VaultMarker.FileName}); what is in it stays as it is{(names.Count == 0 ? "" : $": {listed}")}.");
        return true;
    }

    private static int Run(string path, string vault, string symbols)
    {
        if (File.Exists(path)) throw new TapeException($"{path} is there already; it was not touched.", "Name another file with --config, or delete it first.");
        var text = ConfigTemplate.Write(vault, symbols.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), endpoint: null);
        var (_, faults) = ConfigReader.Read(text, Directory.GetCurrentDirectory());
        if (faults.Count > 0) throw new UsageException(string.Join("\n  ", faults.Select(fault => fault.Text)), "Nothing was written.");
        Write(path, text);
        Console.WriteLine($"Wrote {path}. Start recording with:  tape collect"
            + $"{(path == "tape.yaml" ? "" : $" --config {(path.Contains(' ') ? $"\"{path}\"" : path)}")}");
        return ExitCode.Ok;
    }

    private static void Write(string path, string text)
    {
        try
        {
            using var file = new StreamWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write));
            file.Write(text);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TapeException($"{path} could not be written: {fault.Message}", "Name a file in a folder that is there with --config.", fault);
        }
    }
}
