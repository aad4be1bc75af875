using System.Diagnostics;
using Tape.Core.Errors;
using Tape.Query;

namespace Tape.Cli;

/// <summary>
/// Starts this program again to answer one query, so that whatever a query does to its process is over with it. The child writes to our own output; it ends when we kill it,
/// when its time is over, and when its standard input ends because we are gone.
/// </summary>
internal static class QueryProcess
{
    /// <summary>Past the query's own time limit the child is killed.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Answers a request.</summary>
    /// <returns>The exit status for the program.</returns>
    public static async Task<int> Run(QueryRequest request, CancellationToken cancel)
    {
        if (!Directory.Exists(request.Vault)) throw new TapeException($"there is no vault at {request.Vault}", "Give the folder with --vault, or make one with 'tape init'.");
        if (request.Sql == "-") request = request with { Sql = await Console.In.ReadToEndAsync(cancel) };
        var partial = request.OutPath is null ? null : $"{request.OutPath}.{Environment.ProcessId}.partial";
        var spill = MakeSpillFolder(request.Vault);
        try
        {
            var status = await Ask(request with { OutPath = partial, SpillFolder = spill }, cancel);
            if (status == ExitCode.Ok && partial is not null) File.Move(partial, request.OutPath!, overwrite: true);
            return status;
        }
        catch (IOException fault)
        {
            throw new TapeException($"the answer could not be written to {request.OutPath ?? "standard output"}: {fault.Message}", "Check the folder given with --out.", fault);
        }
        finally
        {
            if (partial is not null && File.Exists(partial)) File.Delete(partial);
            if (spill is not null) RemoveSpillFolder(spill);
        }
    }

    private static async Task<int> Ask(QueryRequest request, CancellationToken cancel)
    {
        using var child = Process.Start(StartInfo()) ?? throw new TapeException("the process for the query did not start");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(request.TimeoutSeconds) + Grace);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            await child.StandardInput.WriteLineAsync(request.ToJson());
            await child.StandardInput.FlushAsync(cancel);
            await child.WaitForExitAsync(either.Token);
            return child.ExitCode is ExitCode.Ok or ExitCode.Usage or ExitCode.Failed or ExitCode.Cancelled ? child.ExitCode : throw Died(child.ExitCode);
        }
        catch (IOException)
        {
            await child.WaitForExitAsync(either.Token);
            throw Died(child.ExitCode);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TapeException($"the query did not end within {request.TimeoutSeconds} s and was killed", "Ask for a shorter time with --from and --to, or raise --timeout.");
        }
        finally
        {
            if (!child.HasExited) await End(child);
        }
    }

    /// <summary>Kills the child and waits until it is gone with all that it had open: Windows deletes nothing before.</summary>
    private static async Task End(Process child)
    {
        child.Kill(entireProcessTree: true);
        using var limit = new CancellationTokenSource(Grace);
        await child.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static TapeException Died(int status) => new($"the process of the query ended with status {status} and no answer", "It may have run out of memory: ask for less, or lower --limit-memory so that it spills to disk.");

    private static ProcessStartInfo StartInfo()
    {
        var start = ThisProcess.Again();
        start.RedirectStandardInput = true;
        start.ArgumentList.Add("query-child");
        return start;
    }

    /// <summary>What can't be deleted now only takes room, and says so; the answer is good all the same.</summary>
    private static void RemoveSpillFolder(string spill)
    {
        try
        {
            if (Directory.Exists(spill)) Directory.Delete(spill, recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"tape: the query's work space {spill} stays: {fault.Message}");
        }
    }

    /// <summary>A new folder in the vault; null where the vault can't be written, which only takes the spilling away.</summary>
    private static string? MakeSpillFolder(string vault)
    {
        try
        {
            return Directory.CreateDirectory(Path.Combine(vault, "tmp", $"query-{Environment.ProcessId}-{Guid.NewGuid():N}")).FullName;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"tape: the query can't spill to disk: {fault.Message}");
            return null;
        }
    }
}
