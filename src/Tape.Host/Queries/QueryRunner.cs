using System.ComponentModel;
using System.Diagnostics;
using Tape.Api;
using Tape.Query.Engine;
using Tape.Query.Requests;
using Tape.Storage.Files;

namespace Tape.Host.Queries;

/// <summary>Answers the server's queries in child processes, each into a file of the vault's work space that is deleted after it was sent.</summary>
public sealed class QueryRunner : IQueryRunner
{
    /// <summary>
    /// Of what is free on the vault's disk, the share that one query may take to spill and to write its answer: recording goes on beside it.
    /// </summary>
    private const int ShareOfFree = 10;

    private const string FolderPrefix = "query-";

    private readonly string _vault;

    /// <summary>Also deletes what servers that are gone left in the work space.</summary>
    public QueryRunner(string vault)
    {
        _vault = vault;
        foreach (var folder in new DirectoryInfo(Path.Combine(vault, "tmp")) is { Exists: true } tmp ? tmp.EnumerateDirectories(FolderPrefix + "*") : [])
            if (folder.Name.Split('-') is [_, var id, _] && int.TryParse(id, out var process) && !IsRunning(process)) Remove(folder);
    }

    public async Task<IQueryAnswer> RunAsync(ApiQuestion question, CancellationToken cancel)
    {
        var folder = WorkFolder();
        try
        {
            var said = new StringBuilder();
            var status = await QueryChild.AskAsync(Request(question, folder.FullName), said, cancel);
            return status == ExitCode.Ok ? new Answer(folder) : throw Failure(said.ToString());
        }
        catch (TapeException fault) when (fault is not QueryFailedException)
        {
            Remove(folder);
            throw new QueryFailedException(fault.Message, fault.Hint, isCallersFault: false);
        }
        catch
        {
            Remove(folder);
            throw;
        }
    }

    private QueryRequest Request(ApiQuestion question, string folder)
    {
        var room = DiskFiles.Instance.FreeBytes(_vault) / ShareOfFree;
        return new QueryRequest(
            _vault, question.Sql, question.FromNanos, question.ToNanosExcl, question.Format, Path.Combine(folder, "answer"), null, question.Limits.MemoryBytes,
                question.Limits.Timeout.TotalSeconds, folder)
        {
            Page = question.Page,
            RowsMax = question.Limits.RowsMax,
            SlowSeconds = question.Limits.Slow.TotalSeconds,
            AnswerBytesMax = Math.Min(question.Limits.AnswerBytesMax, room),
            SpillBytes = Math.Min(new QueryLimits().SpillBytes, room),
        };
    }

    private DirectoryInfo WorkFolder()
    {
        try
        {
            return Directory.CreateDirectory(Path.Combine(_vault, "tmp", $"{FolderPrefix}{Environment.ProcessId}-{Guid.NewGuid():N}"));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new QueryFailedException($"there is no work space for the answer: {fault.Message}", "Check the disk of the vault.", isCallersFault: false);
        }
    }

    /// <summary>The child says what is wrong as the program says it to a person: lines, and what to do in a last one that begins with two blanks.</summary>
    private static QueryFailedException Failure(string said)
    {
        const string name = "tape: ";
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var first = Array.FindIndex(lines, line => line.StartsWith(name, StringComparison.Ordinal));
        if (first < 0)
            return new QueryFailedException("the process of the query ended without saying why", "Ask again; if it stays so, please report it.",
                isCallersFault: false);
        var text = lines[first..].Select(line => line.TrimEnd()).ToList();
        var hasHint = text.Count > 1 && text[^1].StartsWith("  ", StringComparison.Ordinal) && !text[^1].EndsWith('^');
        return new QueryFailedException(string.Join('\n', hasHint ? text.SkipLast(1) : text)[name.Length..], hasHint ? text[^1].Trim() : null,
            isCallersFault: true);
    }

    private static bool IsRunning(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (Win32Exception)
        {
            return true; // There is one, of another user.
        }
    }

    /// <summary>What can't be deleted now is left to the next server.</summary>
    private static void Remove(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"tape: the query's work space {folder.FullName} stays: {fault.Message}");
        }
    }

    private sealed class Answer(DirectoryInfo folder) : IQueryAnswer
    {
        private readonly FileInfo _file = new(Path.Combine(folder.FullName, "answer"));

        public long Bytes => _file.Length;

        public Stream Open() => _file.OpenRead();

        public void Dispose() => Remove(folder);
    }
}
