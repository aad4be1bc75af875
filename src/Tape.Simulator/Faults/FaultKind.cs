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
}
