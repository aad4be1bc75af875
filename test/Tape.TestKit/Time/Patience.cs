namespace Tape.TestKit.Time;

/// <summary>How long tests wait for what must happen. Only a fault makes anybody wait that long, so it is far beyond what a crowded machine needs.</summary>
public static class Patience
{
    public static TimeSpan Max { get; } = TimeSpan.FromMinutes(3);
}
