using System.Net;

namespace Tape.Core.Net;

/// <summary>How the outside world is reached, by sockets and requests alike.</summary>
public sealed record NetworkOptions
{
    /// <summary>
    /// A proxy for everything that leaves: <c>http://host:port</c> or <c>socks5://host:port</c>, name and password before an @ where it asks for them. Null:
    /// directly.
    /// </summary>
    public Uri? Proxy { get; init; }

    /// <summary>The proxy for a client; null to go directly. Name and password are kept apart from the address, which errors show.</summary>
    public WebProxy? CreateProxy()
    {
        if (Proxy is null) return null;
        var proxy = new WebProxy(new UriBuilder(Proxy) { UserName = "", Password = "" }.Uri);
        var parts = Proxy.UserInfo.Split(':', 2);
        if (parts[0].Length > 0)
            proxy.Credentials = new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
        return proxy;
    }
}
