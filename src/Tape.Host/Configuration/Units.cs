namespace Tape.Host.Configuration;

/// <summary>Times and sizes as people write them: <c>10ms</c>, <c>30s</c>, <c>5m</c>, <c>24h</c>; <c>64MiB</c>, <c>1GiB</c>, <c>4096</c> bytes.</summary>
public static class Units
{
    private static readonly (string Unit, double Milliseconds)[] Times = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];
    private static readonly (string Unit, long Bytes)[] Sizes =
        [("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("B", 1), ("", 1)];

    public static bool TryDuration(string text, out TimeSpan value)
    {
        foreach (var (unit, milliseconds) in Times)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)) continue;
            if (!double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                continue;
            if (!(number * milliseconds < TimeSpan.MaxValue.TotalMilliseconds)) continue;
            value = TimeSpan.FromMilliseconds(number * milliseconds);
            return true;
        }

        value = default;
        return false;
    }

    public static bool TrySize(string text, out long value)
    {
        foreach (var (unit, bytes) in Sizes)
        {
            if (!text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)) continue;
            if (!double.TryParse(text.AsSpan(0, text.Length - unit.Length).TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                out var number))
                continue;
            if (!(number * bytes < long.MaxValue)) continue;
            value = (long)(number * bytes);
            return true;
        }

        value = 0;
        return false;
    }

    public static string Show(TimeSpan value) =>
        value.TotalSeconds < 1 ? $"{value.TotalMilliseconds:0.###}ms"
        : value.TotalMinutes < 2 ? $"{value.TotalSeconds:0.#}s"
        : value.TotalHours < 2 ? $"{value.TotalMinutes:0.#}m"
        : $"{value.TotalHours:0.#}h";

    public static string Show(long bytes) => bytes switch
    {
        < 1 << 10 => $"{bytes} B",
        < 1 << 20 => $"{bytes / 1024.0:0.#} KiB",
        < 1 << 30 => $"{bytes / 1048576.0:0.#} MiB",
        _ => $"{bytes / 1073741824.0:0.##} GiB",
    };
}
