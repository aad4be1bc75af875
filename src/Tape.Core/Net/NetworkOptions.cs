namespace Tape.Core.Net;

/// <summary>How the outside world is reached, by sockets and requests alike.</summary>
public sealed record NetworkOptions
{
    /// <summary>
    /// A proxy for everything that leaves: <c>http://host:port</c> or <c>socks5://host:port</c>, name and password before an @ where it asks for them. Null:
    /// directly.
    /// </summary>
    public Uri? Proxy { get; init; }

    /// <summary>
    /// The proxy's address as it may be shown, and the name and password that it asks for, which may not; null without a proxy. Without a name both are empty.
    /// </summary>
    public (Uri Address, string User, string Password)? ProxyParts
    {
        get
        {
            if (Proxy is null) return null;
            var parts = Proxy.UserInfo.Split(':', 2);
            return (new UriBuilder(Proxy) { UserName = "", Password = "" }.Uri, Uri.UnescapeDataString(parts[0]),
                parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
        }
    }
}
