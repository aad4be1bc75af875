namespace Tape.Simulator.Faults;

/// <summary>What can go wrong on purpose. The spelling in scripts is in <see cref="FaultScript"/>.</summary>
public enum FaultKind
{
    Cut,
    Reset,
    CutInside,
    Stall,
    StallInside,
    Slow,
    Drop,
    Duplicate,
    Reorder,
    Garbage,
    Refuse,
    Rest,
    Close,
    RestSlow,
    RestGarbage,
    Skew,

    /// <summary>The venue's books begin again, as after a restart of its service.</summary>
    Restart,

    /// <summary>Connections are told that they will end, where the venue has a word for it, and end.</summary>
    Notice,
}
