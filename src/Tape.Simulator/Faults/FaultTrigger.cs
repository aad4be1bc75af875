namespace Tape.Simulator.Faults;

/// <summary>When a fault happens: at a time since the simulator's start, or at a data frame of each connection.</summary>
/// <param name="After">Time since the start (or between repetitions); null for frame triggers.</param>
/// <param name="Frame">1-based number of the data frame of a connection (or the distance between repetitions); 0 for time triggers.</param>
/// <param name="Repeats">Whether it happens again and again.</param>
public readonly record struct FaultTrigger(TimeSpan? After, long Frame, bool Repeats)
{
    /// <summary>Whether this frame of a connection triggers it.</summary>
    public bool IsFrame(long frameNumber) => Frame > 0 && (Repeats ? frameNumber % Frame == 0 : frameNumber == Frame);
}
