using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Tape.Api.Text;

namespace Tape.Api.Security;

/// <summary>Refuses a request whose address has a parameter that its path does not know: a misspelt filter would give everything.</summary>
internal static class KnownParameters
{
    private static readonly ConditionalWeakTable<Endpoint, string[]> Names = [];

    public static async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            if (context.GetEndpoint() is RouteEndpoint endpoint)
            {
                var known = Names.GetValue(endpoint, found => Of((RouteEndpoint)found));
                foreach (var name in context.Request.Query.Keys) UnknownNameException.Resolve("a parameter", context.Request.Path, name, known);
            }
        }
        catch (UnknownNameException fault)
        {
            await Problem.Unknown(StatusCodes.Status400BadRequest, fault).WriteAsync(context);
            return;
        }
        await next(context);
    }

    /// <summary>Names in the address that a path's handler reads.</summary>
    private static string[] Of(RouteEndpoint endpoint) =>
    [
        .. endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
            .Where(parameter => parameter.ParameterInfo.ParameterType == typeof(string) && endpoint.RoutePattern.GetParameter(parameter.Name) is null)
            .Select(parameter => parameter.ParameterInfo.GetCustomAttributes(inherit: true).OfType<IFromQueryMetadata>().FirstOrDefault()?.Name
                ?? parameter.Name),
    ];
}
