using System.Diagnostics;
using System.Net;

namespace Tape.Bench.Crash;

/// <summary>
/// A query that needs more memory than the server allows: it fails by itself, or its process is killed. The server must answer the next one.
/// </summary>
/// <param name="life">The server's life, from 1.</param>
internal sealed class HeavyQuestion(SupervisorProcess up, int life)
{
    private const string Path = "/v1/query?sql=SELECT%20list(repeat('x',%201000)%20||%20range)%20FROM%20range(100000000)";
    private const int LooksMax = 500;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(2);

    /// <summary>Asks, kills or waits, and asks for the state.</summary>
    /// <exception cref="TapeException">An answer came, or the server gives none any more.</exception>
    public async Task RunAsync(Random chance, CrashCounts counts, CancellationToken cancel)
    {
        using var server = await up.ChildAsync("server", life);
        var asking = up.AskAsync(Path, life);
        // Only Linux lists the children of a process.
        if (OperatingSystem.IsLinux() && chance.Next(2) == 0 && await KillAsync(server.Id, asking, cancel)) counts.Add(CrashVictim.Question, KillAim.Anywhere);
        else counts.HungryQuestions++;
        using (var answer = await asking)
            if (answer.IsSuccessStatusCode) throw new TapeException("a query that needs 100 GB was answered");
        using var status = await up.AskAsync("/status", life);
        if (status.StatusCode != HttpStatusCode.OK)
            throw new TapeException($"after a query failed, the server answered /status with {(int)status.StatusCode}");
    }

    /// <returns>Whether it was killed before it ended.</returns>
    private static async Task<bool> KillAsync(int server, Task asking, CancellationToken cancel)
    {
        for (var look = 0; look < LooksMax && !asking.IsCompleted; look++)
        {
            if (ChildrenOf(server) is [var child, ..]) return TryKill(child);
            await Task.Delay(Poll, TimeProvider.System, cancel);
        }

        return false;
    }

    private static bool TryKill(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            found.Kill();
            return true;
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException)
        {
            return false; // It has ended.
        }
    }

    private static List<int> ChildrenOf(int process) =>
    [
        .. Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/task"))
            .SelectMany(thread => ReadChildren($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(id => int.Parse(id, CultureInfo.InvariantCulture)),
    ];

    /// <summary>Empty for a thread that has ended since it was listed.</summary>
    private static string ReadChildren(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
