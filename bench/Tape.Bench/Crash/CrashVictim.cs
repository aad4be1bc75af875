namespace Tape.Bench.Crash;

/// <summary>What a kill hits.</summary>
internal enum CrashVictim
{
    /// <summary>The one process of <c>tape collect</c>.</summary>
    Collector,

    /// <summary>The recorder of <c>tape up</c>.</summary>
    Recorder,

    /// <summary>Its server; costs no frame.</summary>
    Server,

    /// <summary>Recorder and server.</summary>
    Both,

    /// <summary>The process of a query; costs nothing but its answer.</summary>
    Question,

    /// <summary>The supervisor alone; its children then stop in order.</summary>
    Supervisor,

    /// <summary>Supervisor, recorder and server.</summary>
    Everything,
}
