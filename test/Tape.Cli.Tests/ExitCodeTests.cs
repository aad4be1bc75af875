using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Tape.Host;
using Tape.TestKit.Files;
using Tape.TestKit.Processes;
using Tape.TestKit.Time;

namespace Tape.Cli.Tests;

/// <summary>Exit statuses and messages of the real program, as scripts and people meet them.</summary>
public sealed class ExitCodeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("colect", "Did you mean")]
    [InlineData("collect --confg x", "--confg")]
    [InlineData("demo --seconds 1", "--seconds is between 4 and 86400")]
    [InlineData("demo --seconds NaN", "--seconds")]
    [InlineData("decode --venue nowhere", "'binance'")]
    [InlineData("log show --kind blah", "'frame'")]
    [InlineData("sim binance --port 0 --symbols 100000", "--symbols: found 100000")]
    [InlineData("sim binance --port 0 --fault nonsense", "--fault")]
    [InlineData("collect", "'tape init'")]
    [InlineData("collect --config .", "is a folder")]
    [InlineData("init --symbols btcusdt", "did you mean BTCUSDT?")]
    public void Wrong_arguments_or_configuration_end_with_2_and_do_nothing(string line, string says)
    {
        var (status, output, error) = TapeProcess.Run(_folder.Path, "", line.Split(' '));
        Assert.Equal(ExitCode.Usage, status);
        Assert.Contains(says, output + error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("sanity")]
    [InlineData("seal")]
    [InlineData("query SELECT+1")]
    [InlineData("log ls")]
    [InlineData("log verify")]
    [InlineData("log show")]
    [InlineData("init --config nowhere/tape.yaml")]
    public void What_can_not_be_done_ends_with_3_says_what_to_do_and_leaves_nothing(string line)
    {
        var (status, output, error) = TapeProcess.Run(_folder.Path, "", [.. line.Split(' ').Select(word => word.Replace('+', ' '))]);
        Assert.Equal((ExitCode.Failed, ""), (status, output));
        Assert.Matches("^tape: .+\n  [^ ].+\\.\n$", error);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Init_never_overwrites()
    {
        Assert.Equal(ExitCode.Ok, TapeProcess.Run(_folder.Path, "", "init").Status);
        var before = File.ReadAllText(_folder["tape.yaml"]);
        var (status, _, error) = TapeProcess.Run(_folder.Path, "", "init", "--symbols", "SOLUSDT");
        Assert.Equal(ExitCode.Failed, status);
        Assert.Contains("was not touched", error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(_folder["tape.yaml"]));
    }

    [Fact]
    public void Without_a_terminal_the_simulator_prints_JSON_lines()
    {
        var (status, output, _) = TapeProcess.Run(_folder.Path, "", "sim", "binance", "--port", "0", "--duration", "0.2");
        Assert.Equal(ExitCode.Ok, status);
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            using (JsonDocument.Parse(line)) Assert.StartsWith("{", line, StringComparison.Ordinal);
    }

    [InterruptTheory]
    [InlineData("decode --venue binance", ExitCode.Cancelled)]
    [InlineData("bench tape --seconds 60", ExitCode.Cancelled)]
    [InlineData("sim binance --port 0", ExitCode.Ok)]
    [InlineData("collect --endpoint ws://127.0.0.1:1", ExitCode.Ok)]
    public void An_interrupt_ends_every_command_at_once(string line, int expected)
    {
        Assert.Equal(ExitCode.Ok, TapeProcess.Run(_folder.Path, "", "init").Status);
        using var tape = TapeProcess.Start(_folder.Path, line.Split(' '));
        if (expected == ExitCode.Ok) Assert.NotNull(tape.StandardOutput.ReadLine());
        Assert.True(SpinWait.SpinUntil(() => Interrupts.AreCaughtBy(tape.Id), Patience.Max), "the program never got ready for an interrupt");
        Process.Start("kill", ["-INT", tape.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
        var ended = tape.WaitForExit(Patience.Max);
        if (!ended) tape.Kill(entireProcessTree: true);
        Assert.True(ended, $"it did not end within {Patience.Max}");
        Assert.Equal(expected, tape.ExitCode);
    }
}
