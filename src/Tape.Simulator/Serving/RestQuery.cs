using Microsoft.AspNetCore.Http;

namespace Tape.Simulator.Serving;

/// <summary>The query parameters of a REST request.</summary>
internal sealed class RestQuery(IQueryCollection query)
{
    private static readonly string[] _integers = ["limit", "startTime", "endTime", "fromId"];

    /// <summary>The first parameter that should be an integer and is not, or null.</summary>
    public string? Malformed => Array.Find(_integers, key => Has(key) && Integer(key) is null);

    public bool Has(string key) => query.ContainsKey(key);

    /// <summary>A parameter, or null when it is absent or empty.</summary>
    public string? Text(string key) => query.TryGetValue(key, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    public long? Integer(string key) => long.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    public int Limit(int absent) => (int)Math.Min(int.MaxValue, Integer("limit") ?? absent);
}
