using System.Text.Json;
using System.Text.RegularExpressions;
using Tape.Host;
using Tape.TestKit.Files;
using Xunit.Abstractions;

namespace Tape.Cli.Tests.Proof;

/// <summary>A vault that is copied file by file while it is being recorded: every file is from another moment.</summary>
public sealed partial class LiveCopyTests(ITestOutputHelper output)
{
    private const int Copies = 4;

    [CpFact]
    public async Task A_copy_opens_and_is_sound_or_says_precisely_what_is_missing_and_the_original_is_not_harmed()
    {
        await using var running = await RunningVault.CreateAsync();
        using (var recorder = await running.StartAsync())
        {
            for (var copy = 0; copy < Copies; copy++)
            {
                var frames = recorder.Status!.Frames;
                await RunningVault.UntilAsync(recorder, () => recorder.Status!.Frames > frames + 300, "more is recorded");
                // What is renamed under its hands cp tells and leaves out.
                SmallDisk.Run("cp", "-r", running.Vault, Path.Combine(running.Root, $"copy{copy}"));
            }

            await recorder.StopAsync();
        }

        for (var copy = 0; copy < Copies; copy++) Check(running, Path.Combine(running.Root, $"copy{copy}"));
        Assert.Equal(ExitCode.Ok, running.Tape("sanity", "--deep", "--vault", running.Vault).Status);
        var proof = await running.Rehearsal.ProveAsync(TimeSpan.FromSeconds(1));
        Assert.True(proof.Unexplained == 0, string.Join('\n', proof.Faults));
    }

    private void Check(RunningVault running, string vault)
    {
        var findings = Findings(running, vault);
        output.WriteLine($"{Path.GetFileName(vault)}: {(findings.Count == 0 ? "sound" : string.Join("; ", findings))}");
        Assert.All(findings, finding => Assert.Matches(Precise(), finding));
        var (status, _, error) = running.Tape("seal", "--vault", vault);
        if (status != ExitCode.Ok)
        {
            Assert.Equal(ExitCode.Failed, status);
            Assert.Matches(Precise(), error);
            return;
        }

        // Sealing has put right what it can; only files that the copy never had can still be missing, and they come back from the tape.
        Assert.All(Findings(running, vault), finding => Assert.Contains("is missing (seal", finding, StringComparison.Ordinal));
        Assert.Equal(ExitCode.Ok, running.Tape("derive", "--from", "2020-01-01", "--vault", vault).Status);
        Assert.Empty(Findings(running, vault));
    }

    private static List<string> Findings(RunningVault running, string vault)
    {
        var (status, text, error) = running.Tape("sanity", "--deep", "--json", "--vault", vault);
        Assert.True(status is ExitCode.Ok or ExitCode.Findings, error);
        using var json = JsonDocument.Parse(text);
        return [.. json.RootElement.GetProperty("findings").EnumerateArray().Select(finding => finding.GetString()!)];
    }

    /// <summary>
    /// What a copy of many moments may lack: parts that came after their folder was copied, a newer end of the tape, or the log that knows a part.
    /// </summary>
    [GeneratedRegex(@"is missing \(seal \d+|seals reach record \d+, but the tape ends at \d+|records up to \d+ are sealed, but the tape ends at \d+|"
        + @"raw/seals\.log says|tape/segments\.log says|belongs to no seal|no segment that begins with record \d+|"
        + @"has checksum|is unknown, expected|the last segment")]
    private static partial Regex Precise();

    /// <summary>Copies are made by the system's own command.</summary>
    private sealed class CpFactAttribute : FactAttribute
    {
        public CpFactAttribute() => Skip = OperatingSystem.IsWindows() ? "copies with cp, as a person on Unix does" : null;
    }
}
