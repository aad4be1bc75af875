using System.Runtime.InteropServices;

namespace Tape.Host.Queries;

/// <summary>
/// A limit of the operating system on the memory of this process, beside the one that the query engine keeps itself to: what a query builds outside of the
/// engine's buffers ends its own process, not the recorder's. On Linux; elsewhere the engine's own limit is the only one.
/// </summary>
public static partial class MemoryLimit
{
    /// <summary>Beside the engine's buffers: rows of the tape that are not sealed yet, and what the engine does not count.</summary>
    private const long BesideBytes = 2L << 30;

    /// <summary>RLIMIT_DATA of setrlimit(2) on Linux: private writable memory, since Linux 4.7 anonymous mappings too.</summary>
    private const int Data = 2;

    /// <summary>Limits what this process may take from now on, and offers it first to a system that runs out of memory.</summary>
    /// <param name="engineBytes">What the engine's buffers may take.</param>
    /// <returns>Whether there is such a limit now.</returns>
    public static bool Apply(long engineBytes)
    {
        if (!OperatingSystem.IsLinux()) return false;
        OfferFirst();
        var limit = new Limit { Soft = (ulong)(TakenBytes() + engineBytes + BesideBytes) };
        limit.Hard = limit.Soft;
        return SetLimit(Data, limit) == 0;
    }

    /// <summary>Private writable memory that this process has now.</summary>
    private static long TakenBytes()
    {
        const string name = "VmData:";
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal),
            NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) << 10;
    }

    private static void OfferFirst()
    {
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", "1000");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Some containers forbid it. The limit holds all the same.
        }
    }

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, in Limit limit);

    /// <summary>struct rlimit with 64-bit members, as on all 64-bit Linux.</summary>
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
