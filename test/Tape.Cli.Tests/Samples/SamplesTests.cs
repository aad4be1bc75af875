using System.Diagnostics;
using Tape.Host;
using Tape.TestKit.Files;
using Tape.TestKit.Processes;

namespace Tape.Cli.Tests.Samples;

/// <summary>The sample scripts print rows for a vault that the demo recorded.</summary>
public sealed class SamplesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PythonFact]
    public void Every_sample_prints_a_head_and_rows()
    {
        var (status, output, error) = TapeProcess.Run(_folder.Path, "", "demo", "--seconds", "4", "--folder", "first");
        Assert.True(status == ExitCode.Ok, output + error);
        foreach (var script in SampleScript.All)
        {
            using var python = Process.Start(new ProcessStartInfo("python3", [script.Path, _folder["first", "vault"], .. Symbol(script)])
            {
                RedirectStandardOutput = true,
            })!;
            var printed = python.StandardOutput.ReadToEnd();
            python.WaitForExit();
            Assert.True(python.ExitCode == 0 && printed.Trim().Split('\n').Length > 1, $"{script.Path}: status {python.ExitCode}; it printed: {printed}");
        }
    }

    /// <summary>What scripts with SQL take behind the vault; pandas reads all symbols.</summary>
    private static string[] Symbol(SampleScript script) => script.Sql("BTCUSDT") is null ? [] : ["BTCUSDT"];
}
