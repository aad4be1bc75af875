using System.Globalization;
using System.Text.RegularExpressions;
using Tape.Core.Values;

namespace Tape.Core.Time;

/// <summary>
/// Reads a time as a person writes it, the same way wherever one is asked for: ISO 8601 (<c>2026-11-21</c>, <c>2026-11-21T07:00</c>, with seconds and up to
/// nine digits behind them, with <c>Z</c> or an offset; UTC without one), <c>now</c>, <c>today</c>, <c>yesterday</c> (midnight, UTC), and a time before now:
/// <c>-90s</c>, <c>-15m</c>, <c>-1h</c>, <c>-7d</c>. Nothing else is guessed at.
/// </summary>
public static partial class TimeText
{
    /// <summary>What is expected, for messages.</summary>
    public const string Expected = "2026-11-21, 2026-11-21T07:00:00Z (UTC unless it says otherwise), today, yesterday, now, or -1h (also s, m, d)";

    private const int DigitsMax = 9;

    /// <summary>Reads one.</summary>
    /// <param name="text">As written.</param>
    /// <param name="now">What words and distances count from.</param>
    /// <param name="time">The time; not before 1678 and not after 2261.</param>
    /// <returns>False when the text is no such time.</returns>
    public static bool TryRead(string text, UnixNanos now, out UnixNanos time)
    {
        time = default;
        var words = text.Trim();
        if (Word(words, now) is { } known)
        {
            time = known;
            return true;
        }
        return Before().Match(words) is { Success: true } before ? TryBefore(before, now, out time) : TryIso(Iso().Match(words), out time);
    }

    private static UnixNanos? Word(string text, UnixNanos now) => text.ToLowerInvariant() switch
    {
        "now" => now,
        "today" => Midnight(now.Day),
        "yesterday" => Midnight(now.Day.AddDays(-1)),
        _ => null,
    };

    private static UnixNanos Midnight(DateOnly day) => UnixNanos.From(new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero));

    private static bool TryBefore(Match match, UnixNanos now, out UnixNanos time)
    {
        var unit = match.Groups[2].ValueSpan[0] switch { 's' => 1L, 'm' => 60, 'h' => 3_600, _ => 86_400 } * UnixNanos.PerSecond;
        var value = now.Value - (Int128)long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * unit;
        time = value >= Least.Value ? new UnixNanos((long)value) : default;
        return value >= Least.Value;
    }

    private static UnixNanos Least => Midnight(new DateOnly(1678, 1, 1));

    private static bool TryIso(Match match, out UnixNanos time)
    {
        time = default;
        if (!match.Success) return false;
        var clock = match.Groups["clock"].Value + (match.Groups["seconds"].Success ? match.Groups["seconds"].Value : ":00");
        var zone = match.Groups["zone"].Value is "" or "Z" or "z" ? "+00:00" : match.Groups["zone"].Value;
        if (zone.Length == 5) zone = zone.Insert(3, ":");
        var whole = $"{match.Groups["day"].Value}T{(match.Groups["clock"].Success ? clock : "00:00:00")}{zone}";
        if (!DateTimeOffset.TryParseExact(whole, "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            || at.UtcDateTime.Year is < 1678 or > 2261) return false;
        var digits = match.Groups["digits"].Value;
        time = new(UnixNanos.From(at).Value + (digits.Length == 0 ? 0 : long.Parse(digits.PadRight(DigitsMax, '0'), CultureInfo.InvariantCulture)));
        return true;
    }

    [GeneratedRegex("^-([0-9]{1,9})([smhd])$", RegexOptions.CultureInvariant)]
    private static partial Regex Before();

    [GeneratedRegex(
        "^(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
            + "([Tt ](?<clock>[0-9]{2}:[0-9]{2})((?<seconds>:[0-9]{2})([.,](?<digits>[0-9]{1,9}))?)?(?<zone>[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Iso();
}
