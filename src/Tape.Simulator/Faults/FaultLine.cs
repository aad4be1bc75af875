namespace Tape.Simulator.Faults;

/// <summary>Reads one line of a fault script and collects what is wrong with it.</summary>
internal sealed class FaultLine(int number, string[] words)
{
    private static readonly Dictionary<string, (FaultKind Kind, string[] Keys)> _kinds = new()
    {
        ["cut"] = (FaultKind.Cut, ["conn"]),
        ["reset"] = (FaultKind.Reset, ["conn"]),
        ["cut-inside"] = (FaultKind.CutInside, ["conn"]),
        ["stall"] = (FaultKind.Stall, ["conn", "for"]),
        ["stall-inside"] = (FaultKind.StallInside, ["conn", "for"]),
        ["slow"] = (FaultKind.Slow, ["conn", "for", "rate"]),
        ["drop"] = (FaultKind.Drop, ["conn", "n", "stream"]),
        ["duplicate"] = (FaultKind.Duplicate, ["conn", "n", "stream"]),
        ["reorder"] = (FaultKind.Reorder, ["conn", "n", "stream"]),
        ["garbage"] = (FaultKind.Garbage, ["conn", "n", "kind"]),
        ["refuse"] = (FaultKind.Refuse, ["conn", "for", "status", "retry"]),
        ["rest"] = (FaultKind.Rest, ["for", "status", "retry", "path"]),
        ["rest-slow"] = (FaultKind.RestSlow, ["for", "by", "path"]),
        ["rest-garbage"] = (FaultKind.RestGarbage, ["for", "path"]),
        ["skew"] = (FaultKind.Skew, ["for", "by"]),
        ["close"] = (FaultKind.Close, ["conn", "code"]),
        ["notice"] = (FaultKind.Notice, ["conn", "for"]),
        ["restart"] = (FaultKind.Restart, []),
        ["mute"] = (FaultKind.Mute, ["conn", "for", "stream"]),
        ["ignore"] = (FaultKind.Ignore, ["conn", "for", "over"]),
        ["unanswered"] = (FaultKind.Unanswered, ["conn", "for"]),
    };

    private readonly Dictionary<string, string> _values = [];
    private int _at;

    public List<string> Faults { get; } = [];

    /// <summary>The rule, or null when the line has faults.</summary>
    public FaultRule? Parse()
    {
        var when = When();
        if (_at >= words.Length)
        {
            Say("found no fault after the time");
            return null;
        }
        var name = words[_at++];
        if (!_kinds.TryGetValue(name, out var kind))
        {
            Say($"found '{name}', expected a time or one of {string.Join(", ", _kinds.Keys)}");
            return null;
        }
        Values(name, kind.Keys);
        var rule = Build(when, kind.Kind);
        if (when.Frame > 0 && kind.Kind is FaultKind.Refuse or FaultKind.Rest or FaultKind.RestSlow or FaultKind.RestGarbage or FaultKind.Skew
            or FaultKind.Restart or FaultKind.Mute or FaultKind.Ignore or FaultKind.Unanswered)
            Say($"'{name}' can't be triggered by a frame, give a time");
        return Faults.Count == 0 ? rule : null;
    }

    private FaultRule Build(FaultTrigger when, FaultKind kind) => new(
        number, when, kind, _values.GetValueOrDefault("conn"), _values.GetValueOrDefault("stream"),
        _values.TryGetValue("for", out var span) ? Time(span) : TimeSpan.FromSeconds(2),
        kind == FaultKind.Slow
            ? Integer("rate", 4096, 20, 1 << 30) : kind == FaultKind.Ignore ? Integer("over", 0, 0, 1 << 20) : Integer("n", 1, 1, 1_000_000),
        kind == FaultKind.Close ? Integer("code", 1001, 1000, 4999) : Integer("status", kind == FaultKind.Rest ? 429 : 503, 400, 599),
        Integer("retry", 1, 0, 1_000_000),
        _values.TryGetValue("kind", out var garbage) ? Garbage(garbage) : GarbageKind.Text)
    {
        Path = _values.GetValueOrDefault("path"),
        By = _values.TryGetValue("by", out var by) ? SignedTime(by) : TimeSpan.FromSeconds(1),
    };

    private FaultTrigger When()
    {
        if (words[0] == "frame") return Frames(repeats: false);
        if (words[0] == "every" && words.Length > 2 && words[2] == "frames") return Frames(repeats: true);
        if (words[0] is "at" or "every")
        {
            _at = Math.Min(2, words.Length);
            var time = words.Length > 1 ? Time(words[1]) : TimeSpan.Zero;
            if (words[0] == "every" && time < TimeSpan.FromMilliseconds(1)) Say("'every' needs a time of at least 1ms");
            return new FaultTrigger(time, 0, words[0] == "every");
        }
        if (!char.IsAsciiDigit(words[0][0])) return new FaultTrigger(TimeSpan.Zero, 0, false);
        _at = 1;
        return new FaultTrigger(Time(words[0]), 0, false);
    }

    private FaultTrigger Frames(bool repeats)
    {
        _at = Math.Min(repeats ? 3 : 2, words.Length);
        if (words.Length > 1 && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var frame) && frame > 0)
            return new FaultTrigger(null, frame, repeats);
        Say($"found '{(words.Length > 1 ? words[1] : "")}', expected a frame number from 1");
        return new FaultTrigger(null, 1, repeats);
    }

    private void Values(string name, string[] keys)
    {
        for (; _at < words.Length; _at++)
        {
            var cut = words[_at].IndexOf('=');
            if (cut <= 0 || cut == words[_at].Length - 1) Say($"found '{words[_at]}', expected key=value");
            else if (!keys.Contains(words[_at][..cut]))
                Say($"'{name}' has no '{words[_at][..cut]}', expected {(keys.Length == 0 ? "none" : $"one of {string.Join(", ", keys)}")}");
            else if (!_values.TryAdd(words[_at][..cut], words[_at][(cut + 1)..])) Say($"'{words[_at][..cut]}' stands twice");
        }
    }

    private int Integer(string key, int absent, int min, int max)
    {
        if (!_values.TryGetValue(key, out var text)) return absent;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max) return value;
        Say($"{key}: found '{text}', expected a whole number from {min} to {max}");
        return absent;
    }

    private GarbageKind Garbage(string text)
    {
        if (!char.IsAsciiDigit(text[0]) && Enum.TryParse<GarbageKind>(text, ignoreCase: true, out var kind)) return kind;
        Say($"kind: found '{text}', expected text, binary, utf8 or frame");
        return GarbageKind.Text;
    }

    private TimeSpan SignedTime(string text) => text.StartsWith('-') ? -Time(text[1..]) : Time(text);

    private TimeSpan Time(string text)
    {
        var digits = text.TrimEnd('m', 's', 'h');
        double? unit = text[digits.Length..] switch { "ms" => 1, "s" => 1000, "m" => 60_000, "h" => 3_600_000, _ => null };
        if (unit is { } factor && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value * factor <= 1e12)
            return TimeSpan.FromMilliseconds(value * factor);
        Say($"found '{text}', expected a time such as 500ms, 5s, 2m or 1h");
        return TimeSpan.Zero;
    }

    private void Say(string what) => Faults.Add($"line {number}: {what}");
}
