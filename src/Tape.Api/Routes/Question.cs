using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace Tape.Api.Routes;

/// <summary>What a client asks, in the address or in a body. What is empty counts as absent.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record Question : TimeRange
{
    [FromQuery(Name = "sql"), Description("One SELECT in DuckDB's SQL over the views of 'tape query'."), Required, JsonRequired]
    public string? Sql { get; init; }

    [FromQuery(Name = "format"), Description("How rows are written; json when absent."), AllowedValues("json", "ndjson", "csv")]
    public string? Format { get; init; }
}

/// <summary>The range of time that an answer is about.</summary>
internal record TimeRange
{
    [FromQuery(Name = "from"), Description("Only what was received at this time or later: ISO 8601, UTC unless it says otherwise.")]
    public string? From { get; init; }

    [FromQuery(Name = "to"), Description("Only what was received before this time.")]
    public string? To { get; init; }

    /// <summary>A question of the program's own over the range.</summary>
    public Question Ask(string sql) => new() { Sql = sql, From = From, To = To };
}
