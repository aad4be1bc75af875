using System.Text.Json;
using System.Text.Json.Serialization;
using Tape.Storage.Journal;

namespace Tape.Storage.Answers;

/// <summary>What was asked and how it was answered; the body stands behind it. Times are nanoseconds since the epoch, by our clock.</summary>
/// <param name="Venue">Our name of the venue: <c>binance</c>.</param>
/// <param name="Request">Our name of the request: <c>instruments</c>.</param>
/// <param name="Url">What was asked, without user names, keys and signatures.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="SentAt">When the request was sent; for one that was repeated, the time of the last try.</param>
/// <param name="ReceivedAt">When the answer was complete.</param>
public sealed record AnswerHead(string Venue, string Request, string Url, int Status, long SentAt, long ReceivedAt)
{
    /// <summary>Times that the request was sent until this answer came.</summary>
    public int Tries { get; init; } = 1;

    /// <summary>
    /// Number of an earlier record of this log: this answer said the same as that one in all that we read from it, so its body was not kept. Null for an answer
    /// with a body.
    /// </summary>
    public long? SameAs { get; init; }

    /// <summary>The symbol that was asked about, as the venue writes it; null where the answer is about the venue.</summary>
    public string? Symbol { get; init; }

    /// <summary>Where the stretch of time begins that was asked about, milliseconds since the epoch; null without one.</summary>
    public long? FromMs { get; init; }

    /// <summary>Where it ends; this moment is no part of it.</summary>
    public long? ToMs { get; init; }

    /// <summary>How the body is stored: <c>brotli</c> (RFC 7932), or null for as it is.</summary>
    public string? Coding { get; init; }

    /// <summary>Bytes of the body as the venue sent it, after HTTP's own content coding was undone.</summary>
    public long BodyBytes { get; init; }

    /// <summary>The head as UTF-8 JSON.</summary>
    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, AnswerJson.Default.AnswerHead);

    /// <exception cref="DamagedException">It is not a head.</exception>
    internal static AnswerHead Parse(ReadOnlySpan<byte> json, long seq)
    {
        try
        {
            return JsonSerializer.Deserialize(json, AnswerJson.Default.AnswerHead) is { Venue: not null, Request: not null, Url: not null } head
                ? head : throw new JsonException("found no venue, request or url");
        }
        catch (Exception fault) when (JsonFaults.IsFault(fault))
        {
            throw new DamagedException($"answers log, record {seq}: its head can't be read: {fault.Message}", AnswersLog.Hint, fault);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AnswerHead))]
internal sealed partial class AnswerJson : JsonSerializerContext;
