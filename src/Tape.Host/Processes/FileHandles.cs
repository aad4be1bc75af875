namespace Tape.Host.Processes;

/// <summary>Whether this process may open as many files and sockets as a recording takes, so that it is said at the start and not in the middle.</summary>
public static class FileHandles
{
    /// <summary>What the program itself, its logs, tables and locks take; more than has been seen.</summary>
    private const int Own = 256;

    /// <summary>A socket, and the one that replaces it.</summary>
    private const int OfConnection = 2;

    private const string Limits = "/proc/self/limits";

    /// <summary>Refuses a limit that is too low. Only Linux says what it is; .NET has raised it as far as it may by now.</summary>
    /// <param name="connections">Sockets that are planned.</param>
    /// <exception cref="TapeException">It is too low.</exception>
    public static void Require(int connections)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists(Limits)) return;
        if (Fault(File.ReadAllText(Limits), connections) is { } fault)
            throw new TapeException(fault, "Raise it where the program is started: 'ulimit -n 4096' in a shell, LimitNOFILE=4096 in a systemd unit.");
    }

    /// <summary>What is wrong with a limit, as a sentence; null when nothing is, or nothing is known.</summary>
    /// <param name="limits">The text of <c>/proc/self/limits</c>.</param>
    internal static string? Fault(string limits, int connections)
    {
        const string name = "Max open files";
        var line = limits.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        var needed = Own + OfConnection * connections;
        return line is not null && line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, ..]
            && long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit < needed
            ? $"found a limit of {limit} open files and sockets, expected {needed} or more for {connections} connections" : null;
    }
}
