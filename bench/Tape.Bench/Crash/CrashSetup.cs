namespace Tape.Bench.Crash;

/// <summary>Which processes are started and killed.</summary>
internal enum CrashSetup
{
    /// <summary>By the seed one or the other, on the same vault.</summary>
    All,

    /// <summary><c>tape collect</c>: recording and tables in one process.</summary>
    Collect,

    /// <summary><c>tape up</c>: a supervisor, a recorder and a server.</summary>
    Up,
}
