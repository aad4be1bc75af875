using Tape.Cli.Demo;
using Tape.Core.Errors;
using Tape.Core.Health;
using Tape.Host;
using Tape.TestKit.Files;

namespace Tape.Cli.Tests.Proof;

/// <summary>The disk or the folder of the vault goes away under a running recorder. A class for each way, so that they wait beside each other.</summary>
internal static class VanishedVault
{
    /// <summary>Longer than sealing waits before it tries again.</summary>
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(6);

    public static async Task GoesAwayAndComesBackAsync(RunningVault running, Action goAway, Action assertNothingIsThere, Action comeBack)
    {
        using (var recorder = await running.StartAsync())
        {
            goAway();
            await RunningVault.UntilAsync(recorder, () => Why(recorder).Contains("found no tape, expected tape", StringComparison.Ordinal),
                "ERROR with its reason");
            await Task.Delay(Away, TimeProvider.System, CancellationToken.None);
            assertNothingIsThere();
            comeBack();
            await RunningVault.UntilAsync(recorder, () => recorder.Status!.State == "READY", "READY again");
            var frames = recorder.Status!.Frames;
            await RunningVault.UntilAsync(recorder, () => recorder.Status!.Frames > frames + 300, "it goes on");
            await recorder.StopAsync();
        }

        var proof = await running.Rehearsal.ProveAsync(TimeSpan.FromSeconds(5));
        Assert.True(proof.Unexplained == 0, string.Join('\n', proof.Faults));
        var (status, output, error) = running.Tape("sanity", "--deep", "--vault", running.Vault);
        Assert.True(status == ExitCode.Ok, output + error);
    }

    public static string Why(RecorderProcess recorder) =>
        recorder.Status is { State: "ERROR" } status ? string.Join(' ', status.Why) : "";
}

/// <summary>Windows does not let go of a folder with open files.</summary>
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "Windows does not let a folder with open files go" : null;
}

public sealed class MovedVaultTests
{
    [UnixFact]
    public async Task When_its_folder_is_moved_the_recorder_says_so_makes_nothing_in_its_place_and_goes_on_when_it_is_back()
    {
        await using var running = await RunningVault.CreateAsync();
        var away = running.Vault + ".away";
        await VanishedVault.GoesAwayAndComesBackAsync(running, () => Directory.Move(running.Vault, away), () => Assert.False(Directory.Exists(running.Vault)),
            () => Directory.Move(away, running.Vault));
    }
}

public sealed class UnmountedVaultTests
{
    [TmpfsFact]
    public async Task When_its_disk_is_unmounted_nothing_is_written_below_the_mount_and_recording_goes_on_when_it_is_back()
    {
        await using var running = await RunningVault.CreateAsync();
        var disk = Path.Combine(running.Root, "disk");
        Directory.CreateDirectory(disk);
        Directory.CreateDirectory(running.Vault);
        Mount();
        try
        {
            await VanishedVault.GoesAwayAndComesBackAsync(running, Unmount, () => Assert.Empty(Directory.EnumerateFileSystemEntries(running.Vault)), Mount);
        }
        finally
        {
            Unmount();
        }

        void Mount() => Assert.Equal(0, SmallDisk.Run("mount", "--bind", disk, running.Vault));
        void Unmount() => Assert.Equal(0, SmallDisk.Run("umount", "-l", running.Vault));
    }
}

public sealed class ReplacedVaultTests
{
    [UnixFact]
    public async Task An_older_copy_of_the_tape_is_not_gone_on_with_before_somebody_says_so_by_starting_again()
    {
        await using var running = await RunningVault.CreateAsync();
        var copy = Path.Combine(running.Root, "copy");
        using (var recorder = await running.StartAsync())
        {
            Assert.Equal(0, SmallDisk.Run("cp", "-r", Path.Combine(running.Vault, "tape"), copy));
            var frames = recorder.Status!.Frames;
            await RunningVault.UntilAsync(recorder, () => recorder.Status!.Frames > frames + 300, "more is recorded");
            Directory.Delete(running.Vault, recursive: true);
            await RunningVault.UntilAsync(recorder, () => VanishedVault.Why(recorder).Contains("found no tape, expected tape", StringComparison.Ordinal),
                "ERROR with its reason");
            Assert.False(Directory.Exists(running.Vault));
            Directory.CreateDirectory(running.Vault);
            Directory.Move(copy, Path.Combine(running.Vault, "tape"));
            await RunningVault.UntilAsync(recorder,
                () => VanishedVault.Why(recorder).Contains("an older copy of the tape is in its place", StringComparison.Ordinal), "ERROR about the copy");
            await Assert.ThrowsAsync<TapeException>(recorder.StopAsync);
        }

        using (var next = await running.StartAsync()) await next.StopAsync();
        var (status, output, error) = running.Tape("sanity", "--deep", "--vault", running.Vault);
        Assert.True(status == ExitCode.Ok, output + error);
    }
}
