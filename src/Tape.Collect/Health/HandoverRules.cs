namespace Tape.Collect.Health;

/// <summary>
/// Judges whether the successor of a connection may take over. The predecessor is the yardstick: a stream that it delivers must come from the
/// successor too; one on which both are silent is taken on trust after <see cref="QuietOverlap"/>.
/// </summary>
internal static class HandoverRules
{
    /// <summary>The least time side by side when a stream has not come from the successor yet.</summary>
    public static readonly TimeSpan QuietOverlap = TimeSpan.FromSeconds(10);

    /// <summary>A successor that has not proven itself by then is held for deaf.</summary>
    public static readonly TimeSpan ProvesWithin = TimeSpan.FromMinutes(2);

    /// <summary>Numbers of the connections that may take over now.</summary>
    public static IEnumerable<long> Proven(LiveView view, UnixNanos now) =>
        view.Connections.Where(connection => connection.Lives.Count > 1 && Missing(connection, now) is null)
            .Select(connection => connection.Lives[^1].Connection);

    /// <summary>Successors that had their time and are not proven, with what is missing.</summary>
    public static IEnumerable<(long Connection, string Reason)> Failed(LiveView view, UnixNanos now)
    {
        foreach (var connection in view.Connections)
        {
            if (connection.Lives.Count < 2 || now.Since(connection.Lives[^1].JudgedFrom) <= ProvesWithin || Missing(connection, now) is not { } missing)
                continue;
            yield return (connection.Lives[^1].Connection,
                string.Create(CultureInfo.InvariantCulture,
                $"not proven within {ProvesWithin.TotalSeconds:0} s beside connection {connection.Connection}: {missing}"));
        }
    }

    /// <returns>What the youngest socket of a plan still owes; null when nothing.</returns>
    private static string? Missing(ConnectionView connection, UnixNanos now)
    {
        var (old, successor) = (connection.Lives[0], connection.Lives[^1]);
        if (!successor.IsAnswered) return "the venue has not answered its subscriptions";
        var silent = Enumerable.Range(0, connection.Streams.Count).Where(place => successor.Streams[place].LastFrameAt is null).ToList();
        if (silent.Count == 0) return null;
        var owed = silent.FindIndex(place => old.Streams[place].LastFrameAt >= successor.JudgedFrom);
        if (owed >= 0) return $"no frame of {connection.Streams[silent[owed]].Plan.WireName}, which its predecessor delivers";
        return now.Since(successor.JudgedFrom) >= QuietOverlap ? null : "the time side by side is not over";
    }
}
