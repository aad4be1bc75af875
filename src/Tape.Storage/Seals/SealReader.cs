using System.Globalization;
using System.Text.Json;
using Tape.Core.Values;

namespace Tape.Storage.Seals;

/// <summary>
/// Reads the seals of a log into objects. Every query reads all of them, so they are read by hand: a general reader takes ten times as long.
/// Names that stand in every seal (tables, venues, streams) are made into text once. Fields that it does not know are passed over. Not thread-safe.
/// </summary>
internal sealed partial class SealReader
{
    private const int TextsMax = 1 << 16;

    private readonly Dictionary<byte[], string> _texts = new(Utf8Keys.Instance);

    /// <summary>Whether a line's JSON is a seal of the first kind, which <see cref="Read"/> reads.</summary>
    public static bool IsSeal(ReadOnlySpan<byte> json) => json.StartsWith("{\"entry\":\"seal\","u8);

    /// <summary>Reads an entry of any kind.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    /// <exception cref="FormatException">It is empty.</exception>
    public SealLogEntry ReadEntry(ReadOnlySpan<byte> json) =>
        IsSeal(json) ? Read(json)
        : IsRetained(json) && Read(json) is var seal ? RetainedEntry.Of(seal, seal.Files)
        : IsCheckpoint(json) ? ReadCheckpoint(json)
        : JsonSerializer.Deserialize(json, SealJson.Default.SealLogEntry) ?? throw new FormatException("nothing, expected an entry");

    /// <summary>Reads a seal.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public SealEntry Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var (id, fromSeq, toSeqExcl, generation, undecodable) = (0L, 0L, 0L, 0, 0L);
        var (tape, decoder) = ("", "");
        var (files, streams) = (new List<SealedFile>(), new List<StreamStatistics>());
        JsonElement? state = null;
        List<SealedFault>? faults = null;
        Begin(ref reader);
        while (NextProperty(ref reader))
        {
            if (Is(ref reader, "id"u8)) id = Integer(ref reader);
            else if (Is(ref reader, "tape"u8)) tape = Shared(ref reader);
            else if (Is(ref reader, "from_seq"u8)) fromSeq = Integer(ref reader);
            else if (Is(ref reader, "to_seq_excl"u8)) toSeqExcl = Integer(ref reader);
            else if (Is(ref reader, "decoder"u8)) decoder = Shared(ref reader);
            else if (Is(ref reader, "generation"u8)) generation = checked((int)Integer(ref reader));
            else if (Is(ref reader, "undecodable"u8)) undecodable = Integer(ref reader);
            else if (Is(ref reader, "files"u8)) ReadList(ref reader, files, File);
            else if (Is(ref reader, "streams"u8)) ReadList(ref reader, streams, Stream);
            else if (Is(ref reader, "faults"u8)) ReadList(ref reader, faults = [], Fault);
            else if (Is(ref reader, "state"u8)) state = Element(ref reader);
            else Pass(ref reader);
        }

        return new(id, tape, fromSeq, toSeqExcl, decoder, files, streams, state) { Generation = generation, Undecodable = undecodable, Faults = faults };
    }

    private delegate T ItemReader<T>(ref Utf8JsonReader reader);

    private static void ReadList<T>(ref Utf8JsonReader reader, List<T> items, ItemReader<T> read)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray) throw Unexpected(ref reader, "an array");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(read(ref reader));
    }

    private SealedFile File(ref Utf8JsonReader reader)
    {
        var (table, venue, path, hash, checksum) = ("", "", "", "", (string?)null);
        var (day, rows, bytes, min, max, folded) = (default(DateOnly), 0L, 0L, 0L, 0L, false);
        InObject(ref reader);
        while (NextProperty(ref reader))
        {
            if (Is(ref reader, "table"u8)) table = Shared(ref reader);
            else if (Is(ref reader, "venue"u8)) venue = Shared(ref reader);
            else if (Is(ref reader, "day"u8)) day = DateOnly.ParseExact(Text(ref reader), "yyyy-MM-dd", CultureInfo.InvariantCulture);
            else if (Is(ref reader, "path"u8)) path = Text(ref reader);
            else if (Is(ref reader, "rows"u8)) rows = Integer(ref reader);
            else if (Is(ref reader, "bytes"u8)) bytes = Integer(ref reader);
            else if (Is(ref reader, "hash"u8)) hash = Text(ref reader);
            else if (Is(ref reader, "received_min"u8)) min = Integer(ref reader);
            else if (Is(ref reader, "received_max"u8)) max = Integer(ref reader);
            else if (Is(ref reader, "checksum"u8)) checksum = Text(ref reader);
            else if (Is(ref reader, "folded"u8)) folded = Truth(ref reader);
            else Pass(ref reader);
        }

        return new(table, venue, day, path, rows, bytes, hash, min, max) { Checksum = checksum, Folded = folded };
    }

    private StreamStatistics Stream(ref Utf8JsonReader reader)
    {
        var (exchange, channel, symbol) = ("", "", "");
        var (frames, rows, dropped) = (0L, 0L, 0L);
        long? first = null, last = null;
        InObject(ref reader);
        while (NextProperty(ref reader))
        {
            if (Is(ref reader, "exchange"u8)) exchange = Shared(ref reader);
            else if (Is(ref reader, "channel"u8)) channel = Shared(ref reader);
            else if (Is(ref reader, "symbol"u8)) symbol = Shared(ref reader);
            else if (Is(ref reader, "frames"u8)) frames = Integer(ref reader);
            else if (Is(ref reader, "rows"u8)) rows = Integer(ref reader);
            else if (Is(ref reader, "first_received"u8)) first = Integer(ref reader);
            else if (Is(ref reader, "last_received"u8)) last = Integer(ref reader);
            else if (Is(ref reader, "dropped"u8)) dropped = Integer(ref reader);
            else Pass(ref reader);
        }

        return new(exchange, channel, symbol, frames, rows, first, last, dropped);
    }

    private static SealedFault Fault(ref Utf8JsonReader reader)
    {
        var (seq, connection, reason) = (0L, 0L, "");
        InObject(ref reader);
        while (NextProperty(ref reader))
        {
            if (Is(ref reader, "tape_seq"u8)) seq = Integer(ref reader);
            else if (Is(ref reader, "conn"u8)) connection = Integer(ref reader);
            else if (Is(ref reader, "reason"u8)) reason = Text(ref reader);
            else Pass(ref reader);
        }

        return new(seq, connection, reason);
    }

    private static void Begin(ref Utf8JsonReader reader)
    {
        reader.Read();
        InObject(ref reader);
    }

    private static void InObject(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw Unexpected(ref reader, "an object");
    }

    private static bool NextProperty(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    private static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) => reader.ValueTextEquals(name);

    private static long Integer(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) ? value : throw Unexpected(ref reader, "an integer");
    }

    private static bool Truth(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType is JsonTokenType.True or JsonTokenType.False ? reader.GetBoolean() : throw Unexpected(ref reader, "true or false");
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw Unexpected(ref reader, "a text");
    }

    private static JsonElement? Element(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Null ? null : JsonElement.ParseValue(ref reader);
    }

    private static void Pass(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    /// <summary>A text that other seals have too.</summary>
    private string Shared(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String) throw Unexpected(ref reader, "a text");
        if (reader.ValueIsEscaped) return reader.GetString()!;
        var lookup = _texts.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(reader.ValueSpan, out var known)) return known;
        var text = reader.GetString()!;
        if (_texts.Count < TextsMax) _texts[reader.ValueSpan.ToArray()] = text;
        return text;
    }

    private static JsonException Unexpected(ref Utf8JsonReader reader, string expected) =>
        new(string.Create(CultureInfo.InvariantCulture, $"found {reader.TokenType} at byte {reader.TokenStartIndex} of a seal, expected {expected}"));
}
