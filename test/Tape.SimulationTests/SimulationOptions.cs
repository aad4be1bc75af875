namespace Tape.SimulationTests;

/// <summary>What is simulated.</summary>
internal sealed record SimulationOptions(int Seed, TimeSpan Length)
{
    /// <summary>Shortly before a change of day.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 11, 21, 23, 50, 0, TimeSpan.Zero);

    public int Symbols { get; init; } = 1;

    /// <summary>Of each exchange, over all its streams.</summary>
    public double FramesPerSecond { get; init; } = 10;

    public TimeSpan SealEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Between two troubles of one connection of an exchange, on average.</summary>
    public TimeSpan Calm { get; init; } = TimeSpan.FromMinutes(25);

    /// <summary>Whether the disk fails now and then.</summary>
    public bool DiskFails { get; init; } = true;

    /// <summary>Whether a server follows the tape beside, and aligns books over REST.</summary>
    public bool AlignBooks { get; init; }
}
