namespace Tape.Simulator.Replay;

/// <summary>
/// Captured frames, one a line of <c>*.jsonl</c> files, ready to be served. With a <c>.rx</c> file beside (a receive time a line, in seconds with a point or
/// in whole ns) frames keep their distance in time; without it they are 10 ms apart. Files whose name has the same source tag (<c>bookTicker.TAG.jsonl</c>) are
/// one origin and are merged by time; different origins run side by side. REST bodies and control frames are left out: by file name, and by having no channel.
/// </summary>
public sealed class CapturedFrames
{
    /// <summary>Bytes of all files together at most.</summary>
    public const long BytesMax = 1L << 30;

    private const long SpacingNanos = 10 * UnixNanos.PerMillisecond;

    private CapturedFrames(IReadOnlyList<CapturedFrame> frames) => Frames = frames;

    /// <summary>The frames in the order of their offsets.</summary>
    internal IReadOnlyList<CapturedFrame> Frames { get; }

    /// <summary>How many frames there are.</summary>
    public int Count => Frames.Count;

    /// <summary>Reads files and folders (not their sub-folders).</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="channels">The venue's: says which lines are data frames, and of what channel.</param>
    /// <exception cref="TapeException">A path is missing, nothing servable was found, or it is too much.</exception>
    public static CapturedFrames Load(IEnumerable<string> paths, ChannelMap channels)
    {
        var files = paths.SelectMany(Files).Where(IsServed).ToArray();
        var bytes = files.Sum(file => new FileInfo(file).Length);
        if (bytes > BytesMax) throw new TapeException($"captured frames: found {bytes} bytes, at most {BytesMax} are served", "Give fewer files.");
        var frames = files.GroupBy(Tag).SelectMany(origin => Origin(origin, channels)).OrderBy(frame => frame.OffsetNanos).ToArray();
        return frames.Length > 0 ? new CapturedFrames(frames)
            : throw new TapeException($"captured frames: none found in {string.Join(", ", paths)}",
            "Give *.jsonl files with one frame a line, or a folder of them.");
    }

    private static IEnumerable<string> Files(string path)
    {
        if (Directory.Exists(path)) return Directory.GetFiles(path, "*.jsonl").Order(StringComparer.Ordinal);
        return File.Exists(path) ? [path] : throw new TapeException($"captured frames: {path} is not there", "Give a .jsonl file or a folder of them.");
    }

    private static bool IsServed(string file) =>
        Path.GetFileName(file) is var name && !name.StartsWith("rest-", StringComparison.Ordinal) && !name.StartsWith("control", StringComparison.Ordinal)
            && !name.Contains("-rest", StringComparison.Ordinal);

    /// <summary>The source tag between the first and the last point of the name.</summary>
    private static string Tag(string file) =>
        Path.GetFileNameWithoutExtension(file) is var name && name.IndexOf('.') is > 0 and var dot ? name[(dot + 1)..] : name;

    private static IEnumerable<CapturedFrame> Origin(IEnumerable<string> files, ChannelMap channels)
    {
        var read = files.Select(file => (Lines: Lines(file), Times: Times(Path.ChangeExtension(file, ".rx")))).ToArray();
        var origin = read.Where(file => file.Times.Length > 0).Select(file => file.Times[0]).DefaultIfEmpty(0).Min();
        foreach (var (lines, times) in read)
        {
            for (var i = 0; i < lines.Count; i++)
            {
                if (channels.OfFrame(lines[i]) is { } kind)
                    yield return new CapturedFrame(kind, lines[i], i < times.Length ? times[i] - origin : i * SpacingNanos);
            }
        }
    }

    private static List<byte[]> Lines(string file)
    {
        var bytes = File.ReadAllBytes(file).AsSpan();
        var (lines, from) = (new List<byte[]>(), 0);
        for (var i = 0; i <= bytes.Length; i++)
        {
            if (i < bytes.Length && bytes[i] != '\n') continue;
            if (i > from) lines.Add(bytes[from..i].ToArray());
            from = i + 1;
        }
        return lines;
    }

    private static long[] Times(string file) =>
        File.Exists(file) ? [.. File.ReadLines(file).Where(line => line.Length > 0).Select(line => Time(file, line))] : [];

    private static long Time(string file, string line) =>
        line.Contains('.') && decimal.TryParse(line, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? (long)(seconds * UnixNanos.PerSecond)
        : long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var nanos) ? nanos
        : throw new DamagedException($"{file}: found '{line}', expected a time in seconds with a point or in whole nanoseconds");
}

/// <summary>One captured frame.</summary>
/// <param name="Kind">Its channel without symbol and speed: <c>aggTrade</c>.</param>
/// <param name="Bytes">As on the wire.</param>
/// <param name="OffsetNanos">Time since the first frame of its origin.</param>
internal sealed record CapturedFrame(string Kind, byte[] Bytes, long OffsetNanos);
