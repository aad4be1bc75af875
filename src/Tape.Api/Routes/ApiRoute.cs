using Microsoft.AspNetCore.Http;

namespace Tape.Api.Routes;

/// <summary>One way to ask: what the server maps and what the OpenAPI document tells are both made of this.</summary>
/// <param name="Method">GET, or POST where a question is too long for an address.</param>
/// <param name="Path">With names in braces.</param>
/// <param name="Id">Name of the operation for generated clients.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Produces">Content types of a good answer.</param>
/// <param name="Handle">Answers.</param>
internal sealed record ApiRoute(string Method, string Path, string Id, string Summary, IReadOnlyList<string> Produces, RequestDelegate Handle)
{
    /// <summary>The content type of most answers.</summary>
    public static readonly IReadOnlyList<string> Json = ["application/json"];

    public IReadOnlyList<ApiParameter> Parameters { get; init; } = [];

    /// <summary>Statuses that it gives beside 200 and those that any route may give.</summary>
    public IReadOnlyList<int> Refusals { get; init; } = [];

    /// <summary>Whether a body with the same parameters is read.</summary>
    public bool HasBody { get; init; }

    /// <summary>Whether it answers without a token.</summary>
    public bool IsOpen { get; init; }
}

/// <summary>A parameter in the address.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Description">A sentence.</param>
internal sealed record ApiParameter(string Name, string Description)
{
    /// <summary>Whether it stands in the path, not behind the question mark.</summary>
    public bool IsInPath { get; init; }

    public bool IsRequired { get; init; }

    /// <summary>The only values it may have; empty for any.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];
}
