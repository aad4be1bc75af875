using System.Diagnostics;
using Tape.Host;
using Tape.Host.Processes;
using Tape.TestKit.Files;
using Tape.TestKit.Processes;
using Tape.Query.Requests;
using Tape.TestKit.Time;

namespace Tape.Cli.Tests.Commands;

/// <summary>The real program in a process of its own, as a person starts it.</summary>
public sealed class QueryCommandTests : IDisposable
{
    private readonly TemporaryFolder _vault = new();

    public QueryCommandTests() => VaultMarking.Ensure(_vault.Path);

    public void Dispose() => _vault.Dispose();

    [Fact]
    public void An_answer_goes_to_standard_output_and_nothing_is_left_in_the_vault()
    {
        var (status, output, error) = Tape("query", "--vault", _vault.Path, "--format", "csv", "SELECT 1 AS a, count(*) AS n FROM trades");
        Assert.Equal((ExitCode.Ok, "a,n\n1,0\n", ""), (status, output, error));
        Assert.Empty(Directory.GetFileSystemEntries(_vault["tmp"]));
    }

    [Fact]
    public void An_answer_goes_to_a_file_which_is_replaced_when_it_is_whole()
    {
        File.WriteAllText(_vault["a.json"], "before");
        var (failed, _, _) = Tape("query", "--vault", _vault.Path, "--out", _vault["a.json"], "--format", "json", "SELECT error('half way') FROM range(10)");
        Assert.Equal(ExitCode.Failed, failed);
        Assert.Equal("before", File.ReadAllText(_vault["a.json"]));

        var (status, output, _) = Tape("query", "--vault", _vault.Path, "--out", _vault["a.json"], "--format", "json", "SELECT 'é' AS a");
        Assert.Equal((ExitCode.Ok, ""), (status, output));
        Assert.Equal("[{\"a\":\"é\"}]\n", File.ReadAllText(_vault["a.json"]));
        Assert.Equal(["a.json", "tmp", "vault.json"], Directory.GetFileSystemEntries(_vault.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Parquet_goes_to_its_file()
    {
        var (status, _, error) = Tape("query", "--vault", _vault.Path, "--out", _vault["a.parquet"], "--format", "parquet", "SELECT * FROM range(7)");
        Assert.Equal((ExitCode.Ok, "7 rows written.\n"), (status, error));
        Assert.StartsWith("PAR1", File.ReadAllText(_vault["a.parquet"], System.Text.Encoding.Latin1), StringComparison.Ordinal);
    }

    [Fact]
    public void The_ending_of_the_file_decides_the_format()
    {
        Assert.Equal(ExitCode.Ok, Tape("query", "--vault", _vault.Path, "--out", _vault["b.parquet"], "SELECT * FROM range(7)").Status);
        Assert.StartsWith("PAR1", File.ReadAllText(_vault["b.parquet"], System.Text.Encoding.Latin1), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, Tape("query", "--vault", _vault.Path, "--out", _vault["b.ndjson"], "SELECT 1 AS a").Status);
        Assert.Equal("{\"a\":1}\n", File.ReadAllText(_vault["b.ndjson"]));
    }

    [Fact]
    public void A_misspelt_view_comes_with_the_engines_own_advice()
    {
        var (_, _, error) = Tape("query", "--vault", _vault.Path, "SELECT * FROM trade");
        Assert.Contains("\n  Did you mean \"trades\"?", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("COPY (SELECT 1) TO 'x'", "expected a SELECT")]
    [InlineData("SELECT * FROM read_text('/etc/passwd')", "read_text is not available")]
    [InlineData("SELECT * FROM trades WHERE ts_recv > current_timestamp", "Write now()")]
    public void A_refused_query_says_why_and_exits_with_3(string sql, string reason)
    {
        var (status, output, error) = Tape("query", "--vault", _vault.Path, sql);
        Assert.Equal((ExitCode.Failed, ""), (status, output));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--format", "parquet")]
    [InlineData("--format", "xml")]
    [InlineData("--from", "yesterday-ish")]
    [InlineData("--limit-memory", "1")]
    [InlineData("--timeout", "0")]
    public void Wrong_arguments_exit_with_2(string option, string value)
    {
        var (status, _, error) = Tape("query", "--vault", _vault.Path, option, value, "SELECT 1");
        Assert.Equal(ExitCode.Usage, status);
        Assert.NotEmpty(error);
    }

    [Fact]
    public void A_query_that_takes_too_long_is_ended()
    {
        var (status, _, error) = Tape("query", "--vault", _vault.Path, "--timeout", "0.5", "SELECT sum(i * j) FROM range(10000000) a(i), range(10000000) b(j)");
        Assert.Equal(ExitCode.Failed, status);
        Assert.Contains("--timeout", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_shows_two_examples()
    {
        var (status, output, _) = Tape("query", "--help");
        Assert.Equal(ExitCode.Ok, status);
        Assert.Equal(2, output.Split("  tape query \"SELECT").Length + output.Split("  tape query --from").Length - 2);
    }

    [Fact]
    public void The_child_ends_when_the_one_who_asked_is_gone()
    {
        using var child = Start("query-child");
        var request = new QueryRequest(_vault.Path, "SELECT sum(i * j) FROM range(10000000) a(i), range(10000000) b(j)", null, null, "csv", null,
            null, 1L << 30, 600, null);
        child.StandardInput.WriteLine(request.ToJson());
        child.StandardInput.Close();
        Assert.True(child.WaitForExit(Patience.Max));
        Assert.Equal(ExitCode.Cancelled, child.ExitCode);
    }

    [UnixFact]
    public void Ctrl_C_ends_query_and_child_and_exits_with_130()
    {
        using var tape = Start("query", "--vault", _vault.Path, "SELECT sum(i * j) FROM range(10000000) a(i), range(10000000) b(j)");
        Assert.True(SpinWait.SpinUntil(() => ChildOf(tape.Id) is not null, Patience.Max));
        var child = ChildOf(tape.Id)!.Value;
        Process.Start("kill", ["-INT", tape.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();
        Assert.True(tape.WaitForExit(Patience.Max));
        Assert.Equal(ExitCode.Cancelled, tape.ExitCode);
        Assert.True(SpinWait.SpinUntil(() => !Directory.Exists($"/proc/{child}"), Patience.Max));
        Assert.Empty(Directory.GetFileSystemEntries(_vault["tmp"]));
    }

    private static int? ChildOf(int process)
    {
        foreach (var folder in Directory.GetDirectories("/proc").Where(folder => Path.GetFileName(folder).All(char.IsAsciiDigit)))
        {
            try
            {
                var status = File.ReadAllText(Path.Combine(folder, "stat"));
                var fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
                if (fields[1] == process.ToString(System.Globalization.CultureInfo.InvariantCulture)
                    && File.ReadAllText(Path.Combine(folder, "cmdline")).Contains("query-child", StringComparison.Ordinal))
                    return int.Parse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                continue; // A process that ended while we looked.
            }
        }
        return null;
    }

    private static (int Status, string Output, string Error) Tape(params string[] arguments)
    {
        using var tape = Start(arguments);
        tape.StandardInput.Close();
        var error = tape.StandardError.ReadToEndAsync();
        var output = tape.StandardOutput.ReadToEnd();
        tape.WaitForExit();
        return (tape.ExitCode, output, error.Result);
    }

    private static Process Start(params string[] arguments) => TapeProcess.Start(Directory.GetCurrentDirectory(), arguments);

    /// <summary>Needs signals and /proc.</summary>
    private sealed class UnixFactAttribute : FactAttribute
    {
        public UnixFactAttribute() => Skip = Interrupts.WhyNot;
    }
}
