using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Tape.Api.Routes;

/// <summary>The OpenAPI 3.1 document, made of the endpoints and their types.</summary>
internal static class OpenApi
{
    private const string Document = "v1";
    private const string Token = "token";

    public static void Describe(OpenApiOptions options) => options
        .AddDocumentTransformer((document, _, _) => Done(() => DescribeAll(document)))
        .AddOperationTransformer((operation, context, _) => Done(() => DescribeSecurity(operation, context)))
        .AddSchemaTransformer((schema, context, _) => Done(() => DescribeType(schema, context)));

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/openapi.json", AnswerAsync)
        .AllowAnonymous().Produces<JsonObject>().WithName("openapi").WithSummary("This document.");

    private static async Task<IResult> AnswerAsync([FromKeyedServices(Document)] IOpenApiDocumentProvider documents, CancellationToken cancel) =>
        TypedResults.Text(await (await documents.GetOpenApiDocumentAsync(cancel)).SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancel),
            "application/json");

    private static void DescribeAll(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Tapevault",
            Version = typeof(OpenApi).Assembly.GetName().Version?.ToString(3),
            Description = "Read-only: what a vault holds and how its recording is. Times are UTC.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Token] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The token in the file api/token of the vault.",
            },
        };
    }

    private static void DescribeSecurity(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var isOpen = context.Description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any();
        operation.Security = isOpen ? [] : [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Token, context.Document)] = [] }];
        if (isOpen) operation.Responses?.Remove("401");
    }

    /// <summary>
    /// What the framework gets wrong or leaves out: it takes all parameters of a record's constructor for required fields, and does not list allowed values.
    /// </summary>
    private static void DescribeType(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        if (schema.Required is not null)
            schema.Required = context.JsonTypeInfo.Properties.Where(property => property.IsRequired).Select(property => property.Name).ToHashSet();
        var attributes = context.JsonPropertyInfo?.AttributeProvider
            ?? (context.ParameterDescription?.ParameterDescriptor as IParameterInfoParameterDescriptor)?.ParameterInfo;
        if (attributes?.GetCustomAttributes(typeof(AllowedValuesAttribute), inherit: true) is [AllowedValuesAttribute allowed])
            schema.Enum = [.. allowed.Values.Select(value => JsonValue.Create((string)value!))];
    }

    private static Task Done(Action transform)
    {
        transform();
        return Task.CompletedTask;
    }
}
