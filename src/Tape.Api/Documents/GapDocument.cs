using System.Text.Json;
using System.Text.Json.Serialization;
using Tape.Derive.Gaps;
using Tape.Storage.Gaps;

namespace Tape.Api.Documents;

/// <summary>A page of <c>/v1/gaps</c>.</summary>
/// <param name="Gaps">The earliest first.</param>
/// <param name="NextOffset">Where the next page begins; null behind the last one.</param>
public sealed record GapsDocument(IReadOnlyList<GapDocument> Gaps, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? NextOffset);

/// <summary>A gap as the view <c>gaps</c> has it; what is not known is null. Integers beyond 2^53 - 1 are texts of digits.</summary>
/// <param name="Exchange">Our name of it.</param>
/// <param name="Channel">The venue's name of the channel.</param>
/// <param name="Symbol">The venue's symbol; empty for all markets.</param>
/// <param name="Cause">Why something is missing.</param>
/// <param name="FromTime">Where it begins, by our clock.</param>
/// <param name="ToTime">Where it ends; null while it is open.</param>
/// <param name="IdFrom">The first id that is missing.</param>
/// <param name="IdTo">The last id that is missing.</param>
/// <param name="Missing">How many ids are missing.</param>
/// <param name="Repaired">Whether what was missing came late after all.</param>
/// <param name="ConnBefore">The connection before it.</param>
/// <param name="ConnAfter">The connection behind it.</param>
/// <param name="SeqBefore">The last record of the tape before it.</param>
/// <param name="SeqAfter">The first record of the tape behind it.</param>
/// <param name="Reason">The venue's words for a stream that it refuses.</param>
public sealed record GapDocument(string Exchange, string Channel, string Symbol, string Cause, string FromTime, string? ToTime,
    [property: JsonConverter(typeof(SafeInteger))] long? IdFrom, [property: JsonConverter(typeof(SafeInteger))] long? IdTo,
    [property: JsonConverter(typeof(SafeInteger))] long? Missing, bool Repaired, [property: JsonConverter(typeof(SafeInteger))] long? ConnBefore,
    [property: JsonConverter(typeof(SafeInteger))] long? ConnAfter, [property: JsonConverter(typeof(SafeInteger))] long? SeqBefore,
    [property: JsonConverter(typeof(SafeInteger))] long? SeqAfter, string? Reason)
{
    /// <summary>A gap of a report.</summary>
    public static GapDocument Of(GapReport report, in GapEntry gap)
    {
        var stream = report.Streams[gap.Stream].Stream;
        return new(stream.Key.Venue, stream.Key.Channel, stream.Key.Symbol, gap.Cause.Name(), new UnixNanos(gap.From).ToString(),
            gap.IsOpen ? null : new UnixNanos(gap.To).ToString(), Known(gap.IdFrom), Known(gap.IdTo), Known(gap.Missing), gap.Repaired,
            gap.ConnBefore == 0 ? null : gap.ConnBefore, gap.ConnAfter == 0 ? null : gap.ConnAfter, Known(gap.SeqBefore), Known(gap.SeqAfter),
            gap.Cause == GapCause.Refused ? stream.Refusal : null);
    }

    /// <summary>How the document is written and read.</summary>
    public static JsonSerializerOptions Options => DocumentJson.Rows;

    /// <summary>The gap as one line, with its nulls, as SQL gives it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);

    private static long? Known(long value) => value == Absent.Integer ? null : value;
}
