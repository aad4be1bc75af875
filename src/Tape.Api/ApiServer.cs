using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tape.Api.Documents;
using Tape.Api.Live;
using Tape.Api.Metrics;
using Tape.Api.Routes;
using Tape.Api.Security;
using Tape.Api.Text;
using Tape.Storage.Journal;
using Tape.Tables.DuckDb;

namespace Tape.Api;

/// <summary>
/// Answers HTTP on 127.0.0.1 about one vault, from what stands in it: the recorder may be another process, or none. Read-only. One server a vault, by the lock
/// in <c>api/</c>, whose owner file names the port.
/// </summary>
public sealed class ApiServer : IAsyncDisposable
{
    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(10);

    /// <summary>A connection without a request for this long is closed: its place is needed by others.</summary>
    private static readonly TimeSpan IdleWithin = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    private readonly OwnerLock _lock;
    private readonly WebApplication _app;
    private readonly MetricExport? _export;

    private ApiServer(OwnerLock held, WebApplication app, int port, MetricExport? export) => (_lock, _app, Port, _export) = (held, app, port, export);

    /// <summary>The port on which it answers.</summary>
    public int Port { get; }

    /// <summary>Starts answering.</summary>
    /// <param name="follower">Followed by its owner.</param>
    /// <param name="failed">Hears of faults of the program while answering: the path, and what was thrown.</param>
    /// <param name="libraries">Takes what the framework logs; null for nowhere.</param>
    /// <exception cref="OwnedElsewhereException">Another server answers for the vault.</exception>
    /// <exception cref="TapeException">The port is taken, or the token can't be used.</exception>
    public static async Task<ApiServer> StartAsync(
        ApiOptions options, string vault, IFiles files, TimeProvider time, VaultFollower follower, ServerMetrics figures, IQueryRunner queries, Action<string,
            Exception> failed, ILoggerProvider? libraries = null)
    {
        var token = ApiToken.OpenOrMake(files, vault);
        var owner = new OwnerInfo("tape serve", Environment.ProcessId, UnixNanos.From(time.GetUtcNow()));
        var held = OwnerLock.Take(files, ApiToken.Folder(vault), "API", owner);
        try
        {
            var context = new ApiContext(options, vault, files, time, follower, figures, queries);
            var app = Build(options, context, token, failed, libraries);
            await StartAsync(app, options.Port);
            var port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
            TellPort(files, vault, owner with { Port = port }, failed);
            return new ApiServer(held, app, port, MetricExport.Start(context.Metrics, time, options.Environment,
                fault => failed("OTLP", fault)));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Stops taking requests, gives those that run a moment, and lets the vault go.</summary>
    public async ValueTask DisposeAsync()
    {
        _export?.Dispose();
        using var limit = new CancellationTokenSource(StopWithin, TimeProvider.System);
        await _app.StopAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
        _lock.Dispose();
    }

    /// <summary>Without it a client must know the port, and 'tape status' reads the vault itself: no reason not to answer.</summary>
    private static void TellPort(IFiles files, string vault, OwnerInfo owner, Action<string, Exception> failed)
    {
        try
        {
            OwnerLock.WriteOwner(files, ApiToken.Folder(vault), owner);
        }
        catch (Exception fault) when (fault is IOException or TapeException or UnauthorizedAccessException)
        {
            failed("owner.json", fault);
        }
    }

    private static async Task StartAsync(WebApplication app, int port)
    {
        try
        {
            await app.StartAsync();
        }
        catch (IOException fault)
        {
            await app.DisposeAsync();
            throw new TapeException($"port {port} of 127.0.0.1 can't be used: {fault.Message}",
                "Another program has it: stop that one, or set api.port in tape.yaml.", fault);
        }
    }

    private static WebApplication Build(ApiOptions options, ApiContext api, ApiToken token, Action<string, Exception> failed, ILoggerProvider? libraries)
    {
        // Empty: no settings out of the environment, no console, nothing that listens for signals.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        if (libraries is not null) builder.Logging.AddProvider(libraries);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = ApiOptions.BodyBytesMax;
            kestrel.Limits.MaxConcurrentConnections = ApiOptions.ConnectionsMax;
            kestrel.Limits.MaxRequestHeaderCount = 50;
            kestrel.Limits.RequestHeadersTimeout = HeadersWithin;
            kestrel.Limits.KeepAliveTimeout = IdleWithin;
        });
        builder.Services.AddRoutingCore().AddSingleton<IHostLifetime, NoSignals>().AddSingleton(token).AddSingleton(api.Figures)
            .ConfigureHttpJsonOptions(json => DocumentJson.Apply(json.SerializerOptions))
            .Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true)
            // The core alone: the whole would make keys for cookies in the user's home.
            .AddAuthenticationCore(schemes => schemes.AddScheme<TokenHandler>(TokenHandler.Bearer, displayName: null)).AddSingleton(UrlEncoder.Default)
            .AddAuthorization(policies => policies.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            .AddRateLimiter(limits => QueryLimit.Add(limits, options.QueriesMax))
            .AddResponseCompression(Compress)
            .AddOpenApi(OpenApi.Describe);
        var app = builder.Build();
        app.Use(next => context => AnswerAsync(context, next, api.Figures, failed));
        app.UseResponseCompression();
        app.Use(next => context => new RequestGuard(options, api.Figures).InvokeAsync(context, next));
        app.UseRouting();
        app.UseAuthentication().UseAuthorization();
        app.Use(next => context => KnownParameters.CheckAsync(context, next));
        app.UseRateLimiter();
        Map(app, api);
        return app;
    }

    private static void Map(WebApplication app, ApiContext api)
    {
        var all = app.MapGroup("").WithTags("vault");
        Problem.Describe(all, 401, 403, 421);
        new StateRoutes(api).Map(all);
        OpenApi.Map(all);
        var limited = all.MapGroup("").RequireRateLimiting(QueryLimit.Policy);
        Problem.Describe(limited, 400, 429, 500);
        var queries = new QueryRoutes(api);
        queries.Map(limited);
        new DataRoutes(api, queries).Map(limited);
        new CandleRoutes(api, queries).Map(limited);
    }

    /// <summary>Sees to it that every failure is a problem document, and that what begins to go out is whole.</summary>
    private static async Task AnswerAsync(HttpContext context, RequestDelegate next, ServerMetrics figures, Action<string, Exception> failed)
    {
        figures.CountRequest();
        // The server itself leaves out the body of an answer to HEAD.
        if (HttpMethods.IsHead(context.Request.Method)) context.Request.Method = HttpMethods.Get;
        try
        {
            await next(context);
            if (IsQuestionOfMethods(context)) TellMethods(context.Response);
            else if (!context.Response.HasStarted && context.Response.ContentLength is null && Empty(context) is { } problem) await problem.WriteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has left; nobody reads an answer.
            context.Abort();
        }
        catch (BadHttpRequestException fault) when (!context.Response.HasStarted)
        {
            await Unread(context, fault.StatusCode, fault.InnerException is JsonException json ? Wrong(json) : fault.Message).WriteAsync(context);
        }
        catch (UnknownNameException fault) when (!context.Response.HasStarted)
        {
            await Problem.Unknown(StatusCodes.Status400BadRequest, fault).WriteAsync(context);
        }
        catch (DuckDbException fault) when (!context.Response.HasStarted)
        {
            await new Problem(400, "no question", fault.Message, fault.Hint).WriteAsync(context);
        }
        catch (Exception fault)
        {
            failed(context.Request.Path, fault);
            if (context.Response.HasStarted) context.Abort();
            else await new Problem(500, "fault of the server", "The server failed while answering; its log has the reason.",
                "Recording is not concerned. Please report it.").WriteAsync(context);
        }
    }

    /// <summary>JSON, rows and figures shrink to a tenth; what a client does not ask for stays as it is.</summary>
    private static void Compress(ResponseCompressionOptions options)
    {
        options.MimeTypes = ["application/json", "application/problem+json", "application/x-ndjson", "text/csv", "text/plain"];
        options.Providers.Add<GzipCompressionProvider>();
    }

    private static Problem? Empty(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound =>
            new Problem(404, "no such path", $"There is nothing at '{context.Request.Path}'.", "GET /openapi.json lists what there is."),
        StatusCodes.Status405MethodNotAllowed =>
            new Problem(405, "not this way", $"'{context.Request.Path}' does not take {context.Request.Method}: the API only reads.",
            $"Use {context.Response.Headers.Allow}."),
        StatusCodes.Status413PayloadTooLarge => Unread(context, 413, $"The body is larger than {ApiOptions.BodyBytesMax} bytes."),
        StatusCodes.Status415UnsupportedMediaType => Unread(context, 415, ""),
        _ => null,
    };

    /// <summary>OPTIONS of a path that is there.</summary>
    private static bool IsQuestionOfMethods(HttpContext context) =>
        HttpMethods.IsOptions(context.Request.Method) && context.Response is { HasStarted: false, StatusCode: StatusCodes.Status405MethodNotAllowed };

    private static void TellMethods(HttpResponse response)
    {
        var methods = response.Headers.Allow.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        response.Headers.Allow = string.Join(", ", methods.Concat(methods.Contains(HttpMethods.Get) ? [HttpMethods.Head] : []).Append(HttpMethods.Options));
        response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static string Wrong(JsonException body) => $"The body is wrong at {body.Path ?? "$"} (line {body.LineNumber + 1}, byte {body.BytePositionInLine}), "
        + "expected an object with the text 'sql' and, if wanted, the texts 'format', 'from' and 'to'.";

    /// <summary>A request that the framework could not read.</summary>
    private static Problem Unread(HttpContext context, int status, string detail) => status switch
    {
        StatusCodes.Status400BadRequest => new(400, "no question", detail, "See /openapi.json."),
        StatusCodes.Status415UnsupportedMediaType => new(415, "another kind of body",
            $"The body is '{context.Request.ContentType}', expected application/json.", """Send an object such as {"sql": "SELECT 1", "format": "csv"}."""),
        _ => new(status, "bad request", detail, "See /openapi.json."),
    };

    /// <summary>The program hears signals itself and stops the server in its order.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
