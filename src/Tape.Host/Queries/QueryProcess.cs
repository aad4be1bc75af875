using Tape.Query.Engine;
using Tape.Query.Requests;

namespace Tape.Host.Queries;

/// <summary>Answers a query of the command line by a process of its own, which writes to our own output.</summary>
public static class QueryProcess
{
    /// <summary>Answers a request.</summary>
    /// <returns>The exit status for the program.</returns>
    public static async Task<int> Run(QueryRequest request, CancellationToken cancel)
    {
        if (!Directory.Exists(request.Vault))
            throw new TapeException($"there is no vault at {request.Vault}", "Give the folder with --vault, or make one with 'tape init'.");
        if (request.Sql == "-") request = request with { Sql = await Console.In.ReadToEndAsync(cancel) };
        var partial = request.OutPath is null ? null : $"{request.OutPath}.{Environment.ProcessId}.partial";
        var spill = MakeSpillFolder(request.Vault);
        try
        {
            var status = await QueryChild.AskAsync(request with { OutPath = partial, SpillFolder = spill }, heard: null, cancel);
            if (status == ExitCode.Ok && partial is not null) File.Move(partial, request.OutPath!, overwrite: true);
            return status;
        }
        catch (IOException fault)
        {
            throw new TapeException($"the answer could not be written to {request.OutPath ?? "standard output"}: {fault.Message}",
                "Check the folder given with --out.", fault);
        }
        finally
        {
            if (partial is not null && File.Exists(partial)) File.Delete(partial);
            if (spill is not null) RemoveSpillFolder(spill);
        }
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
