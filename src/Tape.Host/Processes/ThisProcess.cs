using Tape.Storage.Journal;

namespace Tape.Host.Processes;

/// <summary>How this process names itself to others.</summary>
public static class ThisProcess
{
    /// <summary>What stands beside the locks that this process holds.</summary>
    public static OwnerInfo Owner(string program) => new(program, Environment.ProcessId, UnixNanos.From(TimeProvider.System.GetUtcNow()));
}
