using System.Text.Json.Serialization;
using Tape.Derive.Activity;
using Tape.Derive.Books;
using Tape.Storage.Seals;
using Tape.Venues.Books;

namespace Tape.Api.Documents;

/// <summary>A stream lately, in <see cref="StatusDocument"/>.</summary>
/// <param name="Exchange">Our name of it.</param>
/// <param name="Channel">The venue's name of the channel.</param>
/// <param name="Symbol">The venue's symbol; empty for all markets.</param>
/// <param name="Open">Whether a connection that is to carry it is open.</param>
/// <param name="Condition">What is wrong: silent, unproven, refused or down; null when nothing is.</param>
/// <param name="RecentFrames">Frames of the last 15 minutes.</param>
/// <param name="RecentDropped">Frames of that time declared dropped.</param>
/// <param name="LastRecv">When the last frame came; null without one.</param>
/// <param name="QuietS">Seconds since then; null without one.</param>
/// <param name="Book">Null for a stream without a book, and where books are not followed.</param>
public sealed record StreamDocument(string Exchange, string Channel, string Symbol, bool Open, string? Condition, long RecentFrames, long RecentDropped,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? LastRecv, double? QuietS, BookDocument? Book)
{
    internal static StreamDocument Of(StreamActivity stream, string? condition, UnixNanos now) => new(
        stream.Key.Venue, stream.Key.Channel, stream.Key.Symbol, stream.IsOpen, condition, stream.RecentFrames, stream.RecentDropped,
        stream.LastReceived?.ToString(), stream.LastReceived is { } last ? Math.Round(Math.Max(0, now.Since(last).TotalSeconds), 1) : null,
        BookDocument.Of(stream.Book));
}

/// <summary>Whether a book kept out of a stream could be trusted.</summary>
/// <param name="State">waiting, aligned or broken.</param>
/// <param name="Since">Since when; null when that lies before the last 15 minutes.</param>
/// <param name="UpdateId">The last update id received; null where every frame is a full picture.</param>
/// <param name="Why">What is missing; null when aligned.</param>
public sealed record BookDocument(string State, string? Since, long? UpdateId, string? Why)
{
    /// <summary>The name of a state in documents.</summary>
    internal static string Name(BookState state) => state.ToString().ToLowerInvariant();

    internal static BookDocument? Of(BookStatus? book) => book is null ? null : new(Name(book.State), book.Since?.ToString(), book.UpdateId, book.Why);
}

/// <summary>The answer of <c>/v1/streams</c>.</summary>
/// <param name="Streams">By venue, channel and symbol.</param>
/// <param name="NextOffset">Where the next page begins; null behind the last one.</param>
public sealed record StreamsDocument(IReadOnlyList<StreamTotalsDocument> Streams,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? NextOffset);

/// <summary>A stream over all that the vault holds, and lately where it was seen in the last 15 minutes.</summary>
/// <param name="Exchange">Our name of it.</param>
/// <param name="Channel">The venue's name of the channel.</param>
/// <param name="Symbol">The venue's symbol; empty for all markets.</param>
/// <param name="Frames">Frames on the tape.</param>
/// <param name="Dropped">Frames declared dropped.</param>
/// <param name="FirstRecv">When the first frame came; null without one.</param>
/// <param name="LastRecv">When the last frame came; null without one.</param>
/// <param name="Open">Whether a connection that is to carry it is open.</param>
/// <param name="RecentFrames">Frames of the last 15 minutes.</param>
/// <param name="RecentDropped">Frames of that time declared dropped.</param>
/// <param name="Book">Null for a stream without a book, and where books are not followed.</param>
public sealed record StreamTotalsDocument(string Exchange, string Channel, string Symbol, long Frames, long Dropped,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? FirstRecv,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? LastRecv, bool? Open, long? RecentFrames, long? RecentDropped, BookDocument? Book)
{
    internal static StreamTotalsDocument Of(StreamStatistics total, StreamActivity? recent) => new(
        total.Exchange, total.Channel, total.Symbol, total.Frames, total.Dropped, Time(total.FirstReceived), Time(total.LastReceived), recent?.IsOpen,
        recent?.RecentFrames, recent?.RecentDropped, BookDocument.Of(recent?.Book));

    private static string? Time(long? nanos) => nanos is { } value ? new UnixNanos(value).ToString() : null;
}
