using System.Diagnostics;
using System.Text;
using Tape.Host.Processes;
using Tape.TestKit.Time;

namespace Tape.Host.Tests.Processes;

public sealed class ChildProcessTests
{
    private readonly StringBuilder _output = new();

    [UnixFact]
    public async Task Its_input_its_lines_and_the_beginning_of_its_errors_pass_through_and_its_status_comes_back()
    {
        var lines = new List<string>();
        using var child = ChildProcess.Start(Shell("read line; echo \"got $line\"; echo end; echo 0123456789 >&2; exit 7"), ChildOutput.Lines(lines.Add),
            ChildOutput.Beginning(_output, 4));
        Assert.Equal(7, await child.AskAsync("hello", isAll: false, Patience.Max, TimeProvider.System, CancellationToken.None));
        Assert.Equal(["got hello", "end"], lines);
        Assert.Equal("0123", _output.ToString());
    }

    [UnixFact]
    public async Task The_end_of_its_input_asks_it_to_stop()
    {
        using var child = ChildProcess.Start(Shell("cat > /dev/null; exit 3"), ChildOutput.Dropped, ChildOutput.Dropped);
        Assert.Equal(3, await child.StopAsync(Patience.Max, TimeProvider.System));
    }

    [UnixFact]
    public async Task A_child_that_does_not_end_in_time_is_killed_with_its_children()
    {
        var time = new FakeTime();
        using var child = ChildProcess.Start(Shell("sleep 1000 & echo $!; wait"), ChildOutput.Lines(line => _output.Append(line)), ChildOutput.Dropped);
        Assert.True(SpinWait.SpinUntil(() => _output.Length > 0, Patience.Max));
        var stopping = child.StopAsync(TimeSpan.FromSeconds(5), time);
        await time.AdvanceUntilAsync(() => stopping.IsCompleted, "its time is over", TimeSpan.FromSeconds(1));
        Assert.Null(await stopping);
        Assert.True(SpinWait.SpinUntil(() => HasEnded(_output.ToString()), Patience.Max));
    }

    /// <summary>Gone, or not yet fetched by the process that adopts orphans.</summary>
    private static bool HasEnded(string process)
    {
        try
        {
            using var found = Process.GetProcessById(int.Parse(process, System.Globalization.CultureInfo.InvariantCulture));
            return found.HasExited;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    private static ProcessStartInfo Shell(string script) => new("sh", ["-c", script]);

    /// <summary>Needs a Unix shell.</summary>
    private sealed class UnixFactAttribute : FactAttribute
    {
        public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "needs a Unix shell" : null;
    }
}
