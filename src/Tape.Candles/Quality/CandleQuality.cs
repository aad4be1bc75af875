using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tape.Candles.Closing;
using Tape.Candles.Files;
using Tape.Core.Candles;
using Tape.Storage.Files;
using Tape.Storage.Schema;

namespace Tape.Candles.Quality;

/// <summary>
/// What was found of candles, as JSON lines by UTC day of the candle: <c>quality/candles/&lt;YYYY-MM-DD&gt;.jsonl</c>. The same finding stands there once,
/// however often it is derived. A line that a cut left torn is completed by a line feed: readers pass over it. Not thread-safe.
/// </summary>
public sealed class CandleQuality(IFiles files, string vault)
{
    /// <summary>A day's file grows to this; what comes then is counted only.</summary>
    public const long DayBytesMax = 64L << 20;

    /// <summary>Days whose lines are known without reading them again.</summary>
    private const int DaysKnownMax = 8;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<DateOnly, KnownDay> _days = [];

    /// <summary>Findings that had no room in their day's file.</summary>
    public long NotWritten { get; private set; }

    /// <summary>Where the lines of a day are, relative to the vault.</summary>
    public static string Relative(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"quality/candles/{day:yyyy-MM-dd}.jsonl");

    /// <summary>Appends findings; durable when this returns.</summary>
    /// <param name="tape">The tape of their records, 16 hexadecimal digits.</param>
    public void Append(string tape, IEnumerable<CandleFinding> findings)
    {
        foreach (var day in findings.GroupBy(finding => CandleDay.DayOf(finding.Candle.OpenTimeMs)))
            AppendDay(day.Key, [.. day.Select(finding => Line(tape, finding))]);
    }

    private void AppendDay(DateOnly day, IReadOnlyList<byte[]> lines)
    {
        var path = EntryPath.Confine(files, vault, Relative(day));
        var known = Known(day, path);
        var fresh = new ArrayBufferWriter<byte>();
        var added = new List<ulong>();
        foreach (var line in lines)
        {
            var hash = Hash(line);
            if (known.Lines.Contains(hash) || added.Contains(hash)) continue;
            if (known.Length + fresh.WrittenCount + line.Length + 1 > DayBytesMax)
            {
                NotWritten++;
                continue;
            }

            added.Add(hash);
            fresh.Write(line);
            fresh.Write("\n"u8);
        }

        if (added.Count == 0) return;
        DurableFolder.Create(files, Path.GetDirectoryName(path)!);
        var isNew = !files.FileExists(path);
        try
        {
            using var file = files.Open(path, isNew ? FileUse.CreateNew : FileUse.Write);
            file.Write(file.Length, known.IsTorn ? [(byte)'\n', .. fresh.WrittenSpan] : fresh.WrittenSpan);
            file.Sync();
            if (isNew) files.SyncFolder(Path.GetDirectoryName(path)!);
            known.Lines.UnionWith(added);
            (known.Length, known.IsTorn) = (file.Length, false);
        }
        catch
        {
            // What of it is there is looked at again.
            _days.Remove(day);
            throw;
        }
    }

    private KnownDay Known(DateOnly day, string path)
    {
        if (_days.TryGetValue(day, out var known)) return known;
        if (_days.Count >= DaysKnownMax) _days.Remove(_days.Keys.Min());
        _days[day] = known = new KnownDay();
        if (!files.FileExists(path)) return known;
        using var file = files.Open(path, FileUse.Read);
        var bytes = new byte[Math.Min(file.Length, DayBytesMax)];
        var content = bytes.AsSpan(0, file.Read(0, bytes));
        (known.Length, known.IsTorn) = (content.Length, content.Length > 0 && content[^1] != (byte)'\n');
        foreach (var range in content.Split((byte)'\n')) known.Lines.Add(Hash(content[range]));
        return known;
    }

    private static ulong Hash(ReadOnlySpan<byte> line) => System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(
        System.Security.Cryptography.SHA256.HashData(line));

    private static byte[] Line(string tape, CandleFinding finding)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("kind", finding.Kind switch
            {
                FindingKind.Reject => "reject",
                FindingKind.Partial => "partial",
                FindingKind.Withdrawn => "withdrawn",
                FindingKind.Incomplete => "incomplete",
                _ => "restatement",
            });
            json.WriteString("rule", finding.Rule);
            json.WriteString("venue", finding.Candle.Venue);
            json.WriteString("symbol", finding.Candle.Symbol);
            json.WriteString("timeframe", finding.Candle.Timeframe.Name);
            json.WriteNumber("open_time_ms", finding.Candle.OpenTimeMs);
            if (finding.MinutesPresent is { } present) json.WriteNumber("minutes_present", present);
            if (finding.AtSeq != Absent.Integer) json.WriteString("tape", tape);
            Write(json, "from_seq", finding.FromSeq);
            Write(json, "to_seq", finding.ToSeq);
            Write(json, "at_seq", finding.AtSeq);
            Write(json, "candle", finding.Candle);
            if (finding.Shown is { } shown) Write(json, "shown", shown);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, string name, StoredCandle candle)
    {
        var values = candle.Values;
        json.WriteStartObject(name);
        Write(json, "open", values.Open);
        Write(json, "high", values.High);
        Write(json, "low", values.Low);
        Write(json, "close", values.Close);
        Write(json, "volume", values.Volume);
        Write(json, "quote_volume", values.QuoteVolume);
        Write(json, "vwap", values.Vwap);
        Write(json, "trades_count", values.TradesCount);
        Write(json, "close_time_ms", candle.CloseTimeMs);
        json.WriteBoolean("is_closed", candle.IsClosed);
        json.WriteString("source", candle.Source.Name());
        Write(json, "ingest_time_ms", candle.IngestTimeMs);
        json.WriteEndObject();
    }

    /// <summary>What JSON can't write as a number stands there as text; what is not known is left out.</summary>
    private static void Write(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsInfinity(value)) json.WriteString(name, value > 0 ? "Infinity" : "-Infinity");
        else if (!double.IsNaN(value)) json.WriteNumber(name, value);
    }

    private static void Write(Utf8JsonWriter json, string name, long value)
    {
        if (value != Absent.Integer) json.WriteNumber(name, value);
    }

    private sealed class KnownDay
    {
        public HashSet<ulong> Lines { get; } = [];

        public long Length { get; set; }

        public bool IsTorn { get; set; }
    }
}
