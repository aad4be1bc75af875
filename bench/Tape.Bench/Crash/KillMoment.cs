namespace Tape.Bench.Crash;

/// <summary>
/// Waits for the moment at which a process is to be killed. Out of 22 kills eight come anywhere, three early, so that recovery is killed too, two inside a
/// seal; the others are aimed at the work on finished days and on the old tape while some of it is left, and come anywhere when none is.
/// </summary>
internal sealed class KillMoment(Random chance, TimeSpan longest, TimeProvider time)
{
    /// <summary>A recorder takes about this long from its start to its first sockets.</summary>
    private static readonly TimeSpan Starting = TimeSpan.FromMilliseconds(600);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(1);

    private static readonly KillAim[] Aims =
    [
        .. Enumerable.Repeat(KillAim.Anywhere, 8), .. Enumerable.Repeat(KillAim.WhileStarting, 3), .. Enumerable.Repeat(KillAim.WhileSealing, 2),
        KillAim.WhileCompacting, KillAim.WhileCompacting, KillAim.WhileMerging, KillAim.WhileExchanging, KillAim.WhileShortening,
        KillAim.WhileCompressing, KillAim.WhileCompressing, KillAim.WhileExpiring, KillAim.WhileExpiring,
    ];

    /// <summary>Waits; work that does not begin within twice the longest time ends the wait too.</summary>
    /// <param name="vault">The vault's folder.</param>
    /// <returns>What was aimed at, and met.</returns>
    public async Task<KillAim> WaitAsync(string vault, CancellationToken cancel)
    {
        var (aim, part) = (Aims[chance.Next(Aims.Length)], chance.NextDouble());
        if (aim == KillAim.WhileStarting)
        {
            await Task.Delay(Starting * part, time, cancel);
            return aim;
        }

        var watch = new WorkWatch(vault);
        if (aim == KillAim.Anywhere || !watch.CanBegin(aim))
        {
            await Task.Delay(longest * part, time, cancel);
            return KillAim.Anywhere;
        }

        var met = await BeginsAsync(watch, aim, cancel);
        await Task.Delay(LengthOf(aim) * part, time, cancel);
        return met ? aim : KillAim.Anywhere;
    }

    /// <summary>How long the work takes from what shows its beginning on, about.</summary>
    private static TimeSpan LengthOf(KillAim aim) => TimeSpan.FromMilliseconds(aim switch
    {
        KillAim.WhileCompacting => 250,
        KillAim.WhileMerging => 150,
        KillAim.WhileExchanging or KillAim.WhileShortening => 8,
        KillAim.WhileCompressing or KillAim.WhileExpiring => 15,
        _ => 60,
    });

    private async Task<bool> BeginsAsync(WorkWatch watch, KillAim aim, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < longest * 2)
        {
            if (watch.HasBegun(aim)) return true;
            await Task.Delay(Poll, time, cancel);
        }

        return false;
    }
}
