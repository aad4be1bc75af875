using System.Text.Json;
using System.Text.Json.Serialization;
using Tape.Query.Engine;
using Tape.Query.Output;

namespace Tape.Query.Requests;

/// <summary>A question as it goes to the process that answers it: one line of JSON.</summary>
/// <param name="Vault">Absolute path.</param>
/// <param name="Sql">One SELECT.</param>
/// <param name="From">Nanoseconds since the epoch; null for no limit.</param>
/// <param name="ToExcl">Nanoseconds since the epoch; null for no limit.</param>
/// <param name="Format">One of the formats of <see cref="Output.RowWriters"/>.</param>
/// <param name="OutPath">Absolute path of the file to write; null for standard output.</param>
/// <param name="Width">Characters of a line on the terminal; null for any number.</param>
/// <param name="MemoryBytes">Limit of DuckDB's buffers.</param>
/// <param name="TimeoutSeconds">Limit of time.</param>
/// <param name="SpillFolder">An existing folder of this question's own; null forbids spilling.</param>
public sealed record QueryRequest(
    string Vault, string Sql, long? From, long? ToExcl, string Format, string? OutPath, int? Width, long MemoryBytes, double TimeoutSeconds,
        string? SpillFolder)
{
    /// <summary>Show on standard error how far it is; for a terminal.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Progress { get; init; }

    /// <summary>Rows of an answer at most; one that has more is refused. Null for no limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? RowsMax { get; init; }

    /// <summary>The part of a list that the answer is; null for rows as they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AnswerPage? Page { get; init; }

    /// <summary>Bytes of an answer at most; one that has more is refused. Null for no limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? AnswerBytesMax { get; init; }

    /// <summary>Bytes that may be spilled at most; null for the usual limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SpillBytes { get; init; }

    /// <summary>A question that takes so long or longer gets a line in the log of slow ones.</summary>
    public double SlowSeconds { get; init; } = QueryLimits.SlowDefault.TotalSeconds;

    /// <summary>One line, without its line feed.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, QueryJson.Default.QueryRequest);

    /// <summary>Reads a line.</summary>
    /// <exception cref="JsonException">It is not a request.</exception>
    public static QueryRequest Parse(string line) =>
        JsonSerializer.Deserialize(line, QueryJson.Default.QueryRequest) ?? throw new JsonException("found null, expected a request");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(QueryRequest))]
internal sealed partial class QueryJson : JsonSerializerContext;
