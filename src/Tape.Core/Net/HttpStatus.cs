namespace Tape.Core.Net;

/// <summary>What an HTTP status that is no success means for us.</summary>
public enum StatusMeaning
{
    /// <summary>Too many requests or connections for now (429).</summary>
    TooMany,

    /// <summary>Our address is banned for a while (418, as Binance uses it).</summary>
    Banned,

    /// <summary>The region of our address is not served (451).</summary>
    RegionBlocked,

    /// <summary>A firewall refuses our address, perhaps for its region (403).</summary>
    Forbidden,

    /// <summary>The proxy on the way asks for a name and password (407).</summary>
    ProxyLogin,

    /// <summary>It points to another address (3xx), which is not followed: only the configuration says where data comes from.</summary>
    Redirect,

    /// <summary>The other side has trouble of its own (5xx).</summary>
    ServerTrouble,

    /// <summary>Only this request is refused: it is wrong, or the address is.</summary>
    Refused,
}

/// <summary>The one table of HTTP statuses, for sockets and requests alike. How long each of them waits, and what it advises, is its own matter.</summary>
/// <remarks>429, 418, 403, 451 as Binance documents them under "Limits" and "HTTP return codes" of its futures API; bans last 2 minutes to 3 days.</remarks>
public static class HttpStatus
{
    /// <summary>A longer wait that a venue asks for counts as this: the longest ban. More is a mistake that must not stop us for ever.</summary>
    public static readonly TimeSpan RetryAfterMax = TimeSpan.FromDays(3);

    public static StatusMeaning Meaning(int status) => status switch
    {
        429 => StatusMeaning.TooMany,
        418 => StatusMeaning.Banned,
        451 => StatusMeaning.RegionBlocked,
        403 => StatusMeaning.Forbidden,
        407 => StatusMeaning.ProxyLogin,
        >= 300 and < 400 => StatusMeaning.Redirect,
        >= 500 => StatusMeaning.ServerTrouble,
        _ => StatusMeaning.Refused,
    };

    /// <summary>The wait that <c>Retry-After</c> asks for (RFC 9110 section 10.2.3).</summary>
    /// <param name="delta">What it says in seconds.</param>
    /// <param name="date">Or by a date.</param>
    /// <returns>0 or more; null where it says neither.</returns>
    public static TimeSpan? RetryAfter(TimeSpan? delta, DateTimeOffset? date, DateTimeOffset now) =>
        (delta ?? date - now) is not { } wait ? null : wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
}
