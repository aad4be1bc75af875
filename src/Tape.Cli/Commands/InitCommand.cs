using System.CommandLine;
using Tape.Host;
using Tape.Host.Configuration;

namespace Tape.Cli.Commands;

/// <summary><c>tape init</c>: writes a commented configuration, never over one that is there.</summary>
internal static class InitCommand
{
    public static Command Create()
    {
        var config = new Option<string>("--config", "-c") { HelpName = "file", Description = "The file to write.", DefaultValueFactory = _ => "tape.yaml" };
        var vault = new Option<string>("--vault")
        {
            HelpName = "folder",
            Description = "The folder of the data, as written into the file.",
            DefaultValueFactory = _ => "./vault",
        };
        var symbols = new Option<string>("--symbols")
        {
            HelpName = "list",
            Description = "Binance symbols, separated by commas.",
            DefaultValueFactory = _ => "BTCUSDT,ETHUSDT",
        };
        var command = new Command("init", "Write a commented tape.yaml to start from.") { config, vault, symbols };
        command.SetAction(parse => Run(parse.GetValue(config)!, parse.GetValue(vault)!, parse.GetValue(symbols)!));
        return command;
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
