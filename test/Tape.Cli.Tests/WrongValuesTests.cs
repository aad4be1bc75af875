using System.CommandLine;
using System.CommandLine.Help;
using Tape.Core.Errors;
using Tape.Host;
using Tape.TestKit.Files;
using Tape.TestKit.Processes;

namespace Tape.Cli.Tests;

/// <summary>Every option and argument of every command, with values that mean nothing: a usage error in words, never a fault of the program.</summary>
public sealed class WrongValuesTests : IDisposable
{
    private static readonly string[] Values = ["abc", "bad", "-1", "99999999999999999999", ""];

    /// <summary>Options and arguments that take any text that is not empty: names, files and folders. They are judged against what is there.</summary>
    private static readonly HashSet<string> Texts =
    [
        "--vault", "--config", "--symbols", "--symbol", "--venue", "--endpoint", "--folder", "--frames", "--faults", "--fault", "--journal", "--out",
            "--stream",
        "sql", "symbol", "venue", "vault",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_option_and_argument_with_a_wrong_value_is_refused_when_it_is_read()
    {
        var looked = 0;
        foreach (var command in All(CommandProgram.Root("tape", "test", CommandList.Create())))
        {
            foreach (var option in command.Options.Where(option => option is not HelpOption))
                foreach (var value in Values.Where(value => !IsRight(command, option.Name, value) && !(value.Length == 0 && option.ValueType == typeof(bool))))
                {
                    string[] given = option.ValueType == typeof(bool) ? [$"{option.Name}={value}"] : [option.Name, value];
                    AssertRefused([.. Required(command, option.Name), .. given]);
                    looked++;
                }
            foreach (var argument in command.Arguments)
                foreach (var value in Values.Where(value => !IsRight(command, argument.Name, value)))
                {
                    AssertRefused(Required(command, argument.Name, value));
                    looked++;
                }
        }
        Assert.True(looked > 400, $"only {looked} values were tried");
    }

    /// <summary>Texts pass the reading, so the commands that end by themselves are run with them, in a folder where nothing is.</summary>
    [Fact]
    public async Task Every_text_that_names_nothing_is_refused_in_words_by_the_commands_that_ask()
    {
        string[] others = ["demo", "init", "sim", "binance", "bybit", "okx", "decode", "query-child"];
        var looked = 0;
        foreach (var command in All(CommandProgram.Root("tape", "test", CommandList.Create())).Where(command => !others.Contains(command.Name)))
            foreach (var name in command.Options.Select(option => option.Name).Concat(command.Arguments.Select(argument => argument.Name))
                .Where(Texts.Contains))
                foreach (var value in Values.Where(value => value.Length > 0))
                {
                    var isArgument = command.Arguments.Any(argument => argument.Name == name);
                    string[] line = isArgument ? Required(command, name, value) : [.. Required(command, name), name, value];
                    if (!line.Contains("--vault") && command.Options.Any(option => option.Name == "--vault")) line = [.. line, "--vault", _folder["nothing"]];
                    if (!line.Contains("--config") && command.Options.Any(option => option.Name == "--config"))
                        line = [.. line, "--config", _folder["no.yaml"]];
                    await AssertRefusedInWordsAsync(line);
                    looked++;
                }
        Assert.True(looked > 60, $"only {looked} values were tried");
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("query --timeout abc SELECT", "'--timeout'")]
    [InlineData("serve --port 99999", "--port is between 0 and 65535")]
    [InlineData("sim binance --port 99999", "--port is between 0 and 65535")]
    [InlineData("derive --from bad", "'bad' is not a time")]
    [InlineData("gaps --from 19:20", "'19:20' is not a time. Write 2026-11-21")]
    [InlineData("gaps --to 11-21-2026", "today, yesterday, now, or -1h")]
    [InlineData("demo --seconds abc", "'--seconds'")]
    [InlineData("query SELECT --out rows.txt", "give --format")]
    [InlineData("query SELECT --format csv --out rows.parquet", "say different things")]
    public void The_program_says_what_is_wrong_and_ends_with_2(string line, string says)
    {
        var (status, _, error) = TapeProcess.Run(_folder.Path, "", line.Split(' '));
        Assert.Equal(ExitCode.Usage, status);
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void An_empty_configuration_name_is_refused()
    {
        var (status, _, error) = TapeProcess.Run(_folder.Path, "", "collect", "--config", "");
        Assert.Equal(ExitCode.Usage, status);
        Assert.Contains("--config: found an empty text", error, StringComparison.Ordinal);
    }

    private static bool IsRight(Command command, string name, string value) =>
        (Texts.Contains(name) && value.Length > 0 && !HasChoices(command, name)) || (name is "--skew" or "--seed" && value == "-1");

    /// <summary>Whether a name is one of a fixed list.</summary>
    private static bool HasChoices(Command command, string name) => (name, command.Name) is ("--venue", "decode" or "replay");

    private static IEnumerable<Command> All(Command parent) => parent.Subcommands.SelectMany(command => All(command).Prepend(command));

    /// <summary>The shortest line of a command that is whole but for one option, or with a value for one argument.</summary>
    private static string[] Required(Command command, string without, string? value = null)
    {
        var line = command.FullName().Split(' ')[1..].ToList();
        foreach (var argument in command.Arguments)
            line.Add(argument.Name == without ? value ?? "" : argument.Name switch { "table" => "trades", "day" => "2026-11-21", _ => "name" });
        foreach (var option in command.Options.Where(option => option.Required && option.Name != without))
            line.AddRange([option.Name, option.Name switch { "--table" => "trades", "--out" => "rows.csv", _ => "binance" }]);
        return [.. line];
    }

    private static void AssertRefused(string[] line)
    {
        var parse = CommandProgram.Root("tape", "test", CommandList.Create()).Parse(line);
        Assert.True(parse.Errors.Count > 0, $"'{string.Join("' '", line)}' was taken");
    }

    private static async Task AssertRefusedInWordsAsync(string[] line)
    {
        using var output = new StringWriter();
        var parse = CommandProgram.Root("tape", "test", CommandList.Create()).Parse(line);
        if (parse.Errors.Count > 0) return;
        var settings = new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = output, Error = output };
        var fault = await Record.ExceptionAsync(() => parse.InvokeAsync(settings));
        Assert.True(fault is TapeException, $"'{string.Join("' '", line)}' gave {fault?.ToString() ?? "no error"}, expected one in words");
    }
}
