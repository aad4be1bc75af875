using System.CommandLine;

namespace Tape.Cli.Options;

/// <summary>The option <c>--config</c> of every command that reads a configuration.</summary>
internal static class ConfigOption
{
    public static Option<string> Create(string description = "The configuration file ('tape init' writes one).") => new("--config", "-c")
    {
        HelpName = "file",
        Description = description,
        DefaultValueFactory = _ => "tape.yaml",
    };
}
