namespace Tape.Cli.Rehearsal;

/// <summary>When a kill is aimed: anywhere, while the recorder starts and recovers, or while it writes the parts of a seal.</summary>
internal enum KillAim
{
    Anywhere,
    WhileStarting,
    WhileSealing,
}

/// <summary>Waits for the moment at which a recorder is to be killed. Out of ten kills six come anywhere, two early, so that recovery is killed too, two inside a seal.</summary>
internal sealed class KillMoment(Random chance, TimeSpan longest, TimeProvider time)
{
    /// <summary>A recorder takes about this long from its start to its first sockets.</summary>
    private static readonly TimeSpan Starting = TimeSpan.FromMilliseconds(600);

    /// <summary>From the first file of a seal to its commit, about.</summary>
    private static readonly TimeSpan Sealing = TimeSpan.FromMilliseconds(60);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(1);

    /// <summary>Waits; a seal that does not come within twice the longest time ends the wait too.</summary>
    /// <param name="vault">The vault's folder.</param>
    /// <returns>What was aimed at, and met.</returns>
    public async Task<KillAim> WaitAsync(string vault, CancellationToken cancel)
    {
        var (kind, part) = (chance.Next(10), chance.NextDouble());
        if (kind < 6)
        {
            await Task.Delay(longest * part, time, cancel);
            return KillAim.Anywhere;
        }

        if (kind < 8)
        {
            await Task.Delay(Starting * part, time, cancel);
            return KillAim.WhileStarting;
        }

        var met = await SealBeginsAsync(Path.Combine(vault, "tmp"), cancel);
        await Task.Delay(Sealing * part, time, cancel);
        return met ? KillAim.WhileSealing : KillAim.Anywhere;
    }

    private async Task<bool> SealBeginsAsync(string folder, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < longest * 2)
        {
            if (Directory.Exists(folder) && Directory.EnumerateFiles(folder, "seal-*").Any()) return true;
            await Task.Delay(Poll, time, cancel);
        }

        return false;
    }
}
