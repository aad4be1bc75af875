namespace Tape.Bench.Crash;

/// <summary>What a kill is aimed at.</summary>
internal enum KillAim
{
    /// <summary>Any instant.</summary>
    Anywhere,

    /// <summary>Starting and recovering.</summary>
    WhileStarting,

    /// <summary>The parts of a seal are written.</summary>
    WhileSealing,

    /// <summary>The files of a finished day are written, proven or put into place.</summary>
    WhileCompacting,

    /// <summary>Folded files are written and proven.</summary>
    WhileMerging,

    /// <summary>A merge is announced: its files take the place of the parts.</summary>
    WhileExchanging,

    /// <summary>The seal log is written anew without the seals of merged days.</summary>
    WhileShortening,

    /// <summary>A segment of the tape is compressed.</summary>
    WhileCompressing,

    /// <summary>Segments are verified, logged as expired and deleted.</summary>
    WhileExpiring,
}
