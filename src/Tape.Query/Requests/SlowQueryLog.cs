using System.Text.Json;

namespace Tape.Query.Requests;

/// <summary>
/// <c>logs/slow-queries.jsonl</c> of a vault: a line for each question that took long. At 4 MiB it becomes <c>slow-queries.1.jsonl</c>, the only older one that
/// is kept. A line that can't be written (the disk is full, two questions end in the same instant, the vault is read-only) is left out with a remark: it must
/// not cost the answer. A vault without a folder <c>logs</c>, which recorders make, gets none.
/// </summary>
internal static class SlowQueryLog
{
    /// <summary>Bytes at which the file gets another name.</summary>
    public const long BytesMax = 4 << 20;

    /// <summary>Of long SQL, what is written.</summary>
    private const int SqlCharactersMax = 4000;

    /// <summary>Writes the line.</summary>
    /// <param name="rows">Rows of the answer; null when there was none.</param>
    /// <param name="files">Parts that it may have read.</param>
    /// <param name="outcome">Null for an answer; else why there was none.</param>
    /// <param name="note">Takes the remark.</param>
    public static void Write(QueryRequest request, UnixNanos at, TimeSpan took, long? rows, int files, string? outcome, Action<string> note)
    {
        try
        {
            var folder = Path.Combine(request.Vault, "logs");
            if (!Directory.Exists(folder)) return;
            var path = Path.Combine(folder, "slow-queries.jsonl");
            if (File.Exists(path) && new FileInfo(path).Length >= BytesMax) File.Move(path, Path.Combine(folder, "slow-queries.1.jsonl"), overwrite: true);
            using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
            file.Write(Line(request, at, took, rows, files, outcome));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            note($"This query took {took.TotalSeconds:0.0} s, and could not be added to the log of slow ones: {fault.Message}");
        }
    }

    private static byte[] Line(QueryRequest request, UnixNanos at, TimeSpan took, long? rows, int files, string? outcome)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("at", at.ToString());
            json.WriteNumber("seconds", Math.Round(took.TotalSeconds, 3));
            json.WriteString("sql", request.Sql.Length <= SqlCharactersMax ? request.Sql : request.Sql[..SqlCharactersMax]);
            if (request.From is { } from) json.WriteString("from", new UnixNanos(from).ToString());
            if (request.ToExcl is { } to) json.WriteString("to", new UnixNanos(to).ToString());
            if (rows is { } count) json.WriteNumber("rows", count);
            json.WriteNumber("files", files);
            if (outcome is not null) json.WriteString("failed", outcome);
            json.WriteEndObject();
        }

        buffer.Write(Encoding.ASCII.GetBytes("\n"));
        return buffer.ToArray();
    }
}
