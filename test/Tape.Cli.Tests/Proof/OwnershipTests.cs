using Tape.Host;

namespace Tape.Cli.Tests.Proof;

/// <summary>One vault, several programs that want to write it.</summary>
public sealed class OwnershipTests
{
    [Fact]
    public async Task A_second_process_learns_who_owns_the_vault_and_harms_nothing_and_a_killed_owner_owns_nothing()
    {
        await using var running = await RunningVault.CreateAsync();
        using (var first = await running.StartAsync())
        {
            AssertRefused(running.Tape("collect", "--plain"), "the log of the recorder is being written by tape collect, process ");
            AssertRefused(running.Tape("seal", "--vault", running.Vault), "the seal log is being written by tape collect, process ");
            AssertRefused(running.Tape("derive", "--from", "2026-01-01", "--vault", running.Vault), "the seal log is being written by tape collect, process ");
            var frames = first.Status!.Frames;
            await RunningVault.UntilAsync(first, () => first.Status!.Frames > frames + 200, "the first one goes on");
            await running.Rehearsal.KillAsync(first);
        }

        Assert.True(File.Exists(Path.Combine(running.Vault, "tape", "owner.json")));
        using (var next = await running.StartAsync()) await next.StopAsync();
        var proof = await running.Rehearsal.ProveAsync(TimeSpan.FromSeconds(1));
        Assert.True(proof.Unexplained == 0, string.Join('\n', proof.Faults));
        Assert.Equal(ExitCode.Ok, running.Tape("sanity", "--deep", "--vault", running.Vault).Status);
    }

    private static void AssertRefused((int Status, string Output, string Error) run, string owner)
    {
        Assert.True(run.Status == ExitCode.Failed, $"{run}");
        Assert.Contains(owner, run.Error, StringComparison.Ordinal);
        Assert.Contains("Stop that process, or use another vault.", run.Error, StringComparison.Ordinal);
    }
}
