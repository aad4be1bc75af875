namespace Tape.Simulator.Binance;

/// <summary>Request weight used in the present UTC clock minute. Refused requests cost weight too. Guarded by the hub's lock.</summary>
internal sealed class RestWeight(int perMinuteMax)
{
    private long _minute;

    /// <summary>Weight used in the minute of the last call.</summary>
    public int Used { get; private set; }

    /// <summary>Takes weight; false when the minute's limit is exceeded.</summary>
    public bool Take(int weight, DateTimeOffset now)
    {
        var minute = UnixNanos.From(now).Value / (60 * UnixNanos.PerSecond);
        if (minute != _minute) (_minute, Used) = (minute, 0);
        Used += weight;
        return Used <= perMinuteMax;
    }
}
