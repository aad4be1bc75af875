using Microsoft.AspNetCore.Http;
using Tape.Api.Live;
using Tape.Api.Text;

namespace Tape.Api.Security;

/// <summary>
/// Refuses what comes by way of other sites, before anything else looks at a request. The Host header must name this machine, so that a page of another site
/// whose name was bound to 127.0.0.1 gets nothing, and a foreign Origin is refused, so that no page can make a browser ask.
/// </summary>
internal sealed class RequestGuard(ApiOptions options, ServerMetrics figures)
{
    private static readonly string[] OwnHosts = ["127.0.0.1", "localhost", "[::1]"];

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (Refusal(context.Request) is not { } refusal)
        {
            LetPageRead(context);
            if (IsPreflight(context.Request)) context.Response.StatusCode = StatusCodes.Status204NoContent;
            else await next(context);
            return;
        }

        figures.CountRefused();
        await refusal.WriteAsync(context);
    }

    private Problem? Refusal(HttpRequest request)
    {
        if (!IsKnownHost(request.Host))
            return new Problem(421, "unknown host",
                $"The Host header names '{request.Host}', expected one of {string.Join(", ", OwnHosts.Concat(options.Hosts))}.",
                "Ask by one of these names, or add the name to api.hosts in tape.yaml.");
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !options.Origins.Contains(origin, StringComparer.OrdinalIgnoreCase))
            return new Problem(403, "foreign origin", $"The request comes from a web page of '{origin}', expected none or one of api.origins.",
                "Add the page's origin to api.origins in tape.yaml if it may see this vault.");
        return null;
    }

    /// <summary>A browser asks first whether a page may send the token; it shows none then, and gets no answer but that.</summary>
    private static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.Origin.Count > 0 && request.Headers.AccessControlRequestMethod.Count > 0;

    /// <summary>Tells the browser that the page of an allowed origin may see the answer.</summary>
    private static void LetPageRead(HttpContext context)
    {
        if (context.Request.Headers.Origin is not [{ Length: > 0 } origin]) return;
        var headers = context.Response.Headers;
        (headers.AccessControlAllowOrigin, headers.Vary) = (origin, "Origin");
        if (!IsPreflight(context.Request)) return;
        (headers.AccessControlAllowMethods, headers.AccessControlAllowHeaders, headers.AccessControlMaxAge) =
            ("GET, POST", "Authorization, Content-Type", "600");
    }

    private bool IsKnownHost(HostString host) => OwnHosts.Concat(options.Hosts).Contains(host.Host, StringComparer.OrdinalIgnoreCase);
}
