using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tape.Simulator.WebSockets;

namespace Tape.Simulator.Serving;

/// <summary>Takes every request of the server: handshakes go to connections, the rest is REST.</summary>
internal sealed class SimulatorApplication(SimulatorHub hub, VenueSimulator venue, TimeProvider time, Action<TapeException> onFatal, CancellationToken stop)
    : IHttpApplication<HttpContext>
{
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public Task ProcessRequestAsync(HttpContext context)
    {
        var isUpgrade = context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true };
        if (!isUpgrade) return venue.Rest.AnswerAsync(context);
        return venue.RouteOf(context.Request) is { } route ? ConnectAsync(context, route) : RefuseAsync(context, 404, "no such path");
    }

    private async Task ConnectAsync(HttpContext context, string route)
    {
        if (hub.Refusal(route) is { } rule)
        {
            context.Response.Headers.RetryAfter = rule.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            await RefuseAsync(context, rule.Status, "refused by fault script");
        }
        else if (WebSocketHandshake.Fault(context.Request) is { } fault) await RefuseAsync(context, 400, fault);
        else if (hub.ConnectionCount >= hub.Options.ConnectionsMax) await RefuseAsync(context, 503, "too many connections");
        else if (hub.TakeConnect() is var wait && wait > TimeSpan.Zero)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await RefuseAsync(context, hub.Options.ConnectsRefusedStatus, "too many connections in a short time");
        }
        else await ServeAsync(context);
    }

    private async Task ServeAsync(HttpContext context)
    {
        var stream = await WebSocketHandshake.UpgradeAsync(context);
        using var connection = venue.Connect(hub, context.Request, stream, context.Connection.RemotePort);
        hub.Add(connection);
        try
        {
            var outcome = await connection.ServeAsync(stop);
            if (outcome is SendOutcome.Reset or SendOutcome.TooSlow) context.Abort();
        }
        catch (TapeException fatal)
        {
            onFatal(fatal);
            context.Abort();
        }
        finally
        {
            hub.Remove(connection);
            hub.Journal.Close(connection.Id, connection.End, UnixNanos.From(time.GetUtcNow()));
        }
    }

    private static async Task RefuseAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(why);
    }
}
