namespace Tape.Venues.Contract;

/// <summary>What it means when a venue refuses a request.</summary>
/// <param name="Advice">What this venue does, and what to look at.</param>
/// <param name="RateCodes">Codes that mean that we ask too often.</param>
public sealed record RefusalRules(string Advice, params long[] RateCodes)
{
    private static readonly string[] RateWords = ["too many requests", "too many visits", "too frequent", "rate limit"];

    /// <summary>Whether a stream was refused because it is subscribed already, as when an answer was lost: then it is well.</summary>
    public static bool IsForRepetition(string message) => message.Contains("already subscribed", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a request was refused because we ask too often: then the same is asked for again later, and less often.</summary>
    public bool IsForRate(long code, string message) =>
        RateCodes.Contains(code) || Array.Exists(RateWords, words => message.Contains(words, StringComparison.OrdinalIgnoreCase));
}
