using System.CommandLine;
using System.CommandLine.Help;

namespace Tape.Cli.Tests;

/// <summary>What help shows is part of the program: this listing is changed by hand when a command or option changes on purpose.</summary>
public sealed class HelpTests
{
    private const string Listing = """
        demo --seconds --folder --frames --rate --symbols --seed
        init --config,-c --vault --symbols
        collect --config,-c --symbols --endpoint --plain --tape-only
        serve --config,-c --port
        up --config,-c --port --plain
        status --vault --json --watch
        alert
        alert test --config,-c
        sanity --vault --deep --json
        gaps --vault --json --from --to --venue --symbol --cause --rebuild
        candles --vault --json --venue --timeframe
        streams --vault --json
        seal --vault
        backfill --config,-c --venue --symbol --from --to --json
        derive --verify --from --vault --json
        compact --day --vault --json
        query <sql> --vault --from --to --format --out --limit-memory --timeout
        export --table --symbol --venue --from --to --format --out --vault --limit-memory
        last <symbol> --venue --vault --json
        path <table> <venue> <day> --vault --list --compact
        decode --venue --ns
        sim
        sim binance --port --symbols --rate --seed --frames --once --faults --fault --journal --ping --lifetime --max-streams --max-messages --max-connects --buffer --skew --duration --json
        sim bybit --port --symbols --rate --seed --frames --once --faults --fault --journal --heartbeat --max-connects --buffer --skew --duration --json
        sim okx --port --symbols --rate --seed --frames --once --faults --fault --journal --idle --no-snapshots --max-connects --buffer --skew --duration --json
        replay <vault> --venue --speed --port --from --duration --json
        log
        log ls --vault --json
        log show --vault --from --to --kind --conn --stream --limit --json
        log verify --vault --json
        disk --vault --json
        """;

    [Fact]
    public void Commands_and_options_are_those_of_the_listing() =>
        Assert.Equal(Listing.ReplaceLineEndings("\n"), string.Join('\n', Visible(Root()).Select(Line)));

    [Fact]
    public void Every_command_has_one_line_of_description_and_every_option_a_sentence()
    {
        foreach (var command in Visible(Root()))
        {
            Assert.True(command.Description is { Length: > 10 and <= 90 } text && !text.Contains('\n') && text.EndsWith('.'),
                $"{command.FullName()}: '{command.Description}' is not a sentence in one line of at most 90 characters");
            foreach (var option in Own(command))
                Assert.True(option.Description is { Length: > 5 } said && said[^1] is '.' or ')',
                    $"{command.FullName()} {option.Name}: '{option.Description}' is no sentence");
            foreach (var argument in command.Arguments)
                Assert.False(string.IsNullOrEmpty(argument.Description), $"{command.FullName()} {argument.Name} has no description");
        }
    }

    [Fact]
    public void Help_of_every_command_names_it_and_ends_with_0()
    {
        foreach (var command in Visible(Root()))
        {
            var names = command.FullName().Split(' ')[1..];
            using var output = new StringWriter();
            Assert.Equal(0, Root().Parse([.. names, "--help"]).Invoke(new InvocationConfiguration { Output = output }));
            Assert.Contains(command.FullName(), output.ToString(), StringComparison.Ordinal);
        }
    }

    private static RootCommand Root()
    {
        var root = new RootCommand("test") { HelpName = "tape" };
        foreach (var command in CommandList.Create()) root.Subcommands.Add(command);
        root.ShowDetailsInHelp();
        return root;
    }

    private static IEnumerable<Command> Visible(Command parent) =>
        parent.Subcommands.Where(command => !command.Hidden).SelectMany(command => Visible(command).Prepend(command));

    private static IEnumerable<Option> Own(Command command) => command.Options.Where(option => !option.Hidden && option is not HelpOption);

    private static string Line(Command command) =>
        string.Join(' ', [.. command.FullName().Split(' ')[1..], .. command.Arguments.Select(argument => $"<{argument.Name}>"),
        .. Own(command).Select(option => string.Join(',', option.Aliases.Prepend(option.Name)))]);
}
