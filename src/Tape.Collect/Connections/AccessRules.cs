using Tape.Core.Net;

namespace Tape.Collect.Connections;

/// <summary>What a refusal means that concerns our whole address, not one connection.</summary>
/// <param name="Meaning">A phrase that follows the venue's name.</param>
/// <param name="FirstWait">How long nobody dials when the answer does not say; doubles with each refusal that follows.</param>
/// <param name="WaitLimit">The longest of these waits.</param>
/// <param name="Advice">What its owner can do.</param>
internal sealed record AccessRule(string Meaning, TimeSpan FirstWait, TimeSpan WaitLimit, string Advice);

/// <summary>What to do when an exchange answers with an HTTP status instead of opening a WebSocket.</summary>
internal static class AccessRules
{
    private static readonly AccessRule _limited = new(
        "lets this address make no more connections for now", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10),
        "Attempts go on by themselves. All programs behind this address count together: run fewer, or record fewer symbols.");

    private static readonly AccessRule _banned = new(
        "has banned this address for a while", TimeSpan.FromMinutes(5), TimeSpan.FromHours(1),
        "Wait: each attempt would make the ban longer, so none is made before. Look for another program behind this address that asks too much.");

    private static readonly AccessRule _region = new(
        "does not serve the region of this address", TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(30),
        "Run the recorder where the venue serves you, or reach it by a proxy or mirror that you may use ('network.proxy', 'endpoint').");

    private static readonly AccessRule _forbidden = new(
        "blocks this address (its region, or its firewall)", TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        "If it stays so, the region is not served or the address has a bad name: run the recorder elsewhere, or use 'network.proxy'.");

    /// <returns>Null for statuses that concern the one connection only.</returns>
    public static AccessRule? Find(int status) => HttpStatus.Meaning(status) switch
    {
        StatusMeaning.TooMany => _limited,
        StatusMeaning.Banned => _banned,
        StatusMeaning.RegionBlocked => _region,
        StatusMeaning.Forbidden => _forbidden,
        _ => null,
    };

    /// <summary>What to do about a status.</summary>
    public static string Advice(int status) => Find(status)?.Advice ?? HttpStatus.Meaning(status) switch
    {
        StatusMeaning.ProxyLogin => "The proxy wants a name and password: write them into 'network.proxy'.",
        StatusMeaning.Redirect => "The address points to another one, which is not followed: if you trust that one, write it into 'endpoint'.",
        StatusMeaning.ServerTrouble => "The venue (or a proxy) is in trouble; attempts go on by themselves, at growing intervals.",
        _ => "Check 'endpoint': the address answers, but serves no WebSocket at this path.",
    };
}
