using System.Net;
using Tape.Core.Net;

namespace Tape.Sources.Rest;

/// <summary>Makes the HTTP handler that engines share.</summary>
public static class RestHandler
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Connections are made anew after this time, so that a changed address of the venue is found.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Compressed answers are undone, redirections are not followed (an answer from elsewhere is not the venue's), no cookies.</summary>
    /// <param name="network">The proxy for all requests; without one they go directly.</param>
    public static SocketsHttpHandler Create(NetworkOptions network)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            UseCookies = false,
            UseProxy = network.Proxy is not null,
        };
        if (network.ProxyParts is not { } parts) return handler;
        // The password is kept apart from the address, which errors show.
        var proxy = new WebProxy(parts.Address);
        if (parts.User.Length > 0) proxy.Credentials = new NetworkCredential(parts.User, parts.Password);
        handler.Proxy = proxy;
        return handler;
    }
}
