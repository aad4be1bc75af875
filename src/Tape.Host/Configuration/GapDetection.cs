namespace Tape.Host.Configuration;

/// <summary>The section <c>gap_detection</c>: what becomes of missing minutes of candles.</summary>
public sealed record GapDetection
{
    /// <summary>Whether the venues are asked for them by themselves.</summary>
    public bool IsEnabled { get; init; }

    /// <summary>How far back.</summary>
    public int LookbackDays { get; init; } = 3;

    /// <summary>How often.</summary>
    public TimeSpan RepairEvery { get; init; } = TimeSpan.FromMinutes(5);
}
