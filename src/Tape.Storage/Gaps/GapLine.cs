using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tape.Storage.Gaps;

/// <summary>The lines of <c>quality/gaps.log</c>: a line for each sealed range in which something was established. docs/formats.md has the form.</summary>
internal static class GapLine
{
    private const int Counted = 1;
    private const int Repaired = 2;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(string tape, GapBatch batch, IEnumerable<GapEntry> gaps)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("entry", "gaps");
            json.WriteString("tape", tape);
            json.WriteNumber("next_seq", batch.NextSeq);
            json.WriteStartArray("streams");
            foreach (var stream in batch.Streams) Write(json, stream);
            json.WriteEndArray();
            json.WriteStartArray("gaps");
            foreach (var gap in gaps) Write(json, gap);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a line and gives what it holds to the content.</summary>
    /// <exception cref="FormatException">It is not such a line.</exception>
    /// <exception cref="JsonException">It is not JSON of that form.</exception>
    public static void Read(ReadOnlySpan<byte> line, GapLedgerContent content)
    {
        var json = new Utf8JsonReader(line);
        Expect(ref json, JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isTape, isNext) = (json.ValueTextEquals("tape"u8), json.ValueTextEquals("next_seq"u8));
            var (areStreams, areGaps) = (json.ValueTextEquals("streams"u8), json.ValueTextEquals("gaps"u8));
            json.Read();
            if (isTape && (json.TokenType != JsonTokenType.String || !content.Accepts(json.ValueSpan))) throw new FormatException("a line of another tape");
            if (isNext)
                content.WrittenTo = json.TokenType == JsonTokenType.Number ? json.GetInt64() : throw new FormatException("a next_seq that is no number");
            if (areStreams) ReadEach(ref json, content, ReadStream);
            else if (areGaps) ReadEach(ref json, content, ReadGap);
            else json.Skip();
        }
    }

    private static void Write(Utf8JsonWriter json, GapStream stream)
    {
        json.WriteStartArray();
        json.WriteNumberValue(stream.Number);
        json.WriteStringValue(stream.Key.Venue);
        json.WriteStringValue(stream.Key.Channel);
        json.WriteStringValue(stream.Key.Symbol);
        if (stream.BegunAt != Absent.Integer) json.WriteNumberValue(stream.BegunAt);
        if (stream.Refusal is not null) json.WriteStringValue(stream.Refusal);
        json.WriteEndArray();
    }

    /// <summary>What lies behind another number is written as the difference: short lines are read fast.</summary>
    private static void Write(Utf8JsonWriter json, in GapEntry gap)
    {
        ReadOnlySpan<long> numbers =
        [
            gap.Stream, (int)gap.Cause, gap.From, gap.To - gap.From, gap.ConnBefore, gap.ConnAfter, gap.SeqBefore, gap.SeqAfter - gap.SeqBefore,
            gap.AtSeq - gap.SeqAfter, gap.IdFrom, gap.IdTo - gap.IdFrom, (gap.Missing != Absent.Integer ? Counted : 0) + (gap.Repaired ? Repaired : 0),
        ];
        json.WriteStartArray();
        foreach (var number in gap.IdFrom != Absent.Integer ? numbers : numbers[..^3]) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private delegate void ElementReader(ref Utf8JsonReader json, GapLedgerContent content);

    private static void ReadEach(ref Utf8JsonReader json, GapLedgerContent content, ElementReader read)
    {
        if (json.TokenType != JsonTokenType.StartArray) throw new FormatException($"found {json.TokenType}, expected an array");
        while (json.Read() && json.TokenType == JsonTokenType.StartArray) read(ref json, content);
    }

    private static void ReadStream(ref Utf8JsonReader json, GapLedgerContent content)
    {
        var number = Number(ref json);
        var key = new StreamKey(Text(ref json), Text(ref json), Text(ref json));
        json.Read();
        var begun = json.TokenType == JsonTokenType.Number ? json.GetInt64() : Absent.Integer;
        if (begun != Absent.Integer) json.Read();
        var refusal = json.TokenType == JsonTokenType.String ? json.GetString() : null;
        SkipRest(ref json);
        content.Add(new GapStream(number, key, begun, refusal));
    }

    private static void ReadGap(ref Utf8JsonReader json, GapLedgerContent content)
    {
        var (stream, cause, from) = (Number(ref json), (GapCause)Next(ref json), Next(ref json));
        var to = from + Next(ref json);
        var (connBefore, connAfter, seqBefore) = (Next(ref json), Next(ref json), Next(ref json));
        var seqAfter = seqBefore + Next(ref json);
        var at = seqAfter + Next(ref json);
        var (idFrom, idTo, missing, flags) = (Absent.Integer, Absent.Integer, Absent.Integer, 0L);
        json.Read();
        if (json.TokenType == JsonTokenType.Number)
        {
            idFrom = json.GetInt64();
            idTo = idFrom + Next(ref json);
            flags = Next(ref json);
            if ((flags & Counted) != 0) missing = Saturating.Count(idFrom, idTo);
        }

        SkipRest(ref json);
        if (cause is < GapCause.OurStop or > GapCause.Refused)
            throw new FormatException($"found cause {(int)cause}, expected {(int)GapCause.OurStop} to {(int)GapCause.Refused}");
        content.Add(new GapEntry(stream, cause, from, to, idFrom, idTo, missing, (flags & Repaired) != 0, connBefore, connAfter, seqBefore, seqAfter, at));
    }

    private static int Number(ref Utf8JsonReader json)
    {
        var number = Next(ref json);
        return number is >= 0 and <= int.MaxValue ? (int)number : throw new FormatException($"found stream {number}, expected its number");
    }

    private static long Next(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.Number ? json.GetInt64() : throw new FormatException($"found {json.TokenType}, expected a number");
    }

    private static string Text(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.String ? json.GetString()! : throw new FormatException($"found {json.TokenType}, expected a text");
    }

    private static void SkipRest(ref Utf8JsonReader json)
    {
        while (json.TokenType != JsonTokenType.EndArray && json.Read())
        {
            // Fields of a newer program.
        }
    }

    private static void Expect(ref Utf8JsonReader json, JsonTokenType type)
    {
        if (!json.Read() || json.TokenType != type) throw new FormatException($"found {json.TokenType}, expected {type}");
    }
}
