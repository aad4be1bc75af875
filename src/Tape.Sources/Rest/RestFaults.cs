using System.Net.Http.Headers;
using Tape.Core.Net;

namespace Tape.Sources.Rest;

/// <summary>What to do about the statuses of requests.</summary>
internal static class RestFaults
{
    /// <summary>A venue that asks us to stay away and does not say for how long: so long for 429, and longer for a ban.</summary>
    private static readonly TimeSpan TooManyPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BanPause = TimeSpan.FromMinutes(10);

    /// <summary>Asking a venue again that refuses us altogether helps no one.</summary>
    private static readonly TimeSpan BlockPause = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);

    /// <summary>How long the venue wants not to be asked; null where the status does not mean that.</summary>
    public static TimeSpan? Pause(int status, RetryConditionHeaderValue? retryAfter, DateTimeOffset now)
    {
        TimeSpan? pause = HttpStatus.Meaning(status) switch
        {
            StatusMeaning.TooMany => TooManyPause,
            StatusMeaning.Banned => BanPause,
            StatusMeaning.Forbidden or StatusMeaning.RegionBlocked => BlockPause,
            _ => null,
        };
        if (pause is null) return null;
        var asked = HttpStatus.RetryAfter(retryAfter?.Delta, retryAfter?.Date, now) ?? pause.Value;
        return asked < PauseMin ? PauseMin : asked > HttpStatus.RetryAfterMax ? HttpStatus.RetryAfterMax : asked;
    }

    /// <param name="said">The venue's own words; null when there are none.</param>
    public static RestFailure FromStatus(string venue, string url, int status, string? said, UnixNanos? notBefore)
    {
        var words = said is null ? "" : $": {said}";
        var until = notBefore is { } time ? $" Nothing is asked before {Show(time)}." : "";
        return HttpStatus.Meaning(status) switch
        {
            StatusMeaning.TooMany => new(RestFailureKind.TooMany, $"{venue}: {url} answered 429, too many requests{words}.{until}",
                "Other programs behind this internet address may use up its limit.", notBefore),
            StatusMeaning.Banned => new(RestFailureKind.Banned, $"{venue}: {url} answered 418: this internet address is banned for a while{words}.{until}",
                "Wait; asking earlier makes the ban longer. Look for other programs behind this address that ask too much.", notBefore),
            StatusMeaning.RegionBlocked => new(RestFailureKind.RegionBlocked,
                $"{venue}: {url} answered 451: the venue does not serve the region of this internet address{words}.",
                "Run in a region that the venue serves, or set network.proxy to a proxy in one, if the venue's terms allow it.", notBefore),
            StatusMeaning.Forbidden => new(RestFailureKind.Refused, $"{venue}: {url} answered 403: the venue's firewall refuses us{words}.{until}",
                "Wait; if it lasts, look whether a proxy or the region is the reason.", notBefore),
            StatusMeaning.ServerTrouble => new(RestFailureKind.ServerTrouble, $"{venue}: {url} answered {status}{words}, expected 200.",
                "The venue has trouble; it is tried again."),
            _ => new(RestFailureKind.Refused, $"{venue}: {url} answered {status}{words}, expected 200.",
                "Look whether rest_endpoint in the configuration is the venue's."),
        };
    }

    public static string Show(UnixNanos time) => time.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
