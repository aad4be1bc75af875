using System.Diagnostics;
using Tape.Cli.Demo;

namespace Tape.Bench.Crash;

/// <summary>
/// One life of <c>tape up</c>: by chance some of its children are killed and come back, then the supervisor is killed, alone or with its children. What ends
/// without being killed, and what stays behind when the supervisor is gone, is a fault.
/// </summary>
internal sealed class TwoProcessLife(RehearsalVault rehearsal, KillMoment moment, Random chance, CrashCounts counts)
{
    private static readonly TimeSpan StopsWithin = TimeSpan.FromMinutes(3);

    private int _recorderLives = 1;
    private int _serverLives = 1;

    /// <summary>Starts, kills and waits until all its processes are gone.</summary>
    /// <param name="killsMax">At least 1: the last one is the supervisor's.</param>
    /// <exception cref="TapeException">A process ended by itself, or did not end.</exception>
    public async Task RunAsync(int killsMax, CancellationToken cancel)
    {
        await using var up = SupervisorProcess.Start(rehearsal.ConfigPath, rehearsal.Vault);
        var children = Math.Min(killsMax - 1, chance.Next(4));
        for (var kill = 0; kill < children; kill++) await KillChildAsync(up, cancel);
        await EndAsync(up, cancel);
    }

    private async Task KillChildAsync(SupervisorProcess up, CancellationToken cancel)
    {
        var victim = chance.Next(10) switch { < 3 => CrashVictim.Recorder, < 7 => CrashVictim.Server, < 9 => CrashVictim.Both, _ => CrashVictim.Question };
        if (victim == CrashVictim.Question)
        {
            await new HeavyQuestion(up, _serverLives).RunAsync(chance, counts, cancel);
            return;
        }

        using var recorder = victim == CrashVictim.Server ? null : await up.ChildAsync("recorder", _recorderLives);
        using var server = victim == CrashVictim.Recorder ? null : await up.ChildAsync("server", _serverLives);
        var aim = await moment.WaitAsync(rehearsal.Vault, cancel);
        if (recorder is not null) await KillRecorderAsync(recorder);
        if (server is not null) await KillServerAsync(server);
        (_recorderLives, _serverLives) = (_recorderLives + (recorder is null ? 0 : 1), _serverLives + (server is null ? 0 : 1));
        counts.Add(victim, aim);
    }

    private async Task EndAsync(SupervisorProcess up, CancellationToken cancel)
    {
        using var recorder = await up.ChildAsync("recorder", _recorderLives);
        using var server = await up.ChildAsync("server", _serverLives);
        var aim = await moment.WaitAsync(rehearsal.Vault, cancel);
        RequireNoOtherDeath(up, recorder, server);
        var victim = chance.Next(3) == 0 ? CrashVictim.Supervisor : CrashVictim.Everything;
        // Whether the supervisor sees its children die, or they see it.
        var childrenFirst = victim == CrashVictim.Everything && chance.Next(2) == 0;
        if (!childrenFirst) await up.KillAloneAsync();
        if (victim == CrashVictim.Everything)
        {
            await KillRecorderAsync(recorder);
            await KillServerAsync(server);
        }

        if (childrenFirst) await up.KillAloneAsync();
        foreach (var (name, child) in new[] { ("recorder", recorder), ("server", server) }) await RequireGoneAsync(name, child, cancel);
        counts.Add(victim, aim);
    }

    private Task KillRecorderAsync(Process recorder) => rehearsal.KillAsync(recorder);

    private static async Task KillServerAsync(Process server)
    {
        server.Kill();
        await server.WaitForExitAsync();
    }

    private void RequireNoOtherDeath(SupervisorProcess up, Process recorder, Process server)
    {
        var (found, expected) = (up.Named("child_died").Count, _recorderLives + _serverLives - 2);
        if (found > expected || recorder.HasExited || server.HasExited)
            throw new TapeException($"{found} children of 'tape up' died, and {expected} were killed: {string.Join('\n', up.Named("child_died"))}",
                $"See {rehearsal.Vault}/logs.");
    }

    private static async Task RequireGoneAsync(string name, Process child, CancellationToken cancel)
    {
        try
        {
            await child.WaitForExitAsync(cancel).WaitAsync(StopsWithin, TimeProvider.System, cancel);
        }
        catch (TimeoutException)
        {
            throw new TapeException($"the {name} (process {child.Id}) still runs {StopsWithin.TotalSeconds:0} s after its supervisor was killed");
        }
    }
}
