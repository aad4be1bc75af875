namespace Tape.Venues.Contract;

/// <summary>
/// Turns frames of one venue into events. Reads no clock, keeps no state of the market, allocates nothing per frame in steady state,
/// never throws on any input. Not thread-safe.
/// </summary>
public abstract class FrameDecoder
{
    /// <summary>Decodes one frame.</summary>
    /// <param name="frame">Bytes as received.</param>
    /// <param name="events">Cleared first; holds all events of the frame afterwards, or none when the outcome is not <see cref="FrameOutcome.Events"/>.</param>
    public abstract FrameOutcome Decode(ReadOnlySpan<byte> frame, EventBuffer events);

    /// <summary>
    /// The venue's name of the stream that a data frame belongs to, as in <see cref="StreamPlan.WireName"/>, found without a full decode; empty for
    /// control frames and where it can't be told cheaply. Valid until the next call, and while <paramref name="frame"/> is. Watchdogs, drop counts and the gap
    /// ledger go by it; no row does.
    /// </summary>
    public abstract ReadOnlySpan<byte> StreamName(ReadOnlySpan<byte> frame);

    /// <summary>Why the last frame was <see cref="FrameOutcome.Undecodable"/>, as a short phrase with the byte offset where known.</summary>
    public string Fault { get; protected set; } = "";

    /// <summary>
    /// Whether the last <see cref="FrameOutcome.Undecodable"/> frame was no JSON text at all, rather than one that breaks its channel's form.
    /// </summary>
    public bool FaultIsSyntax { get; protected set; }

    /// <summary>
    /// The control message behind the last <see cref="FrameOutcome.Acknowledged"/>, <see cref="FrameOutcome.Refused"/> or
    /// <see cref="FrameOutcome.EndAnnounced"/>.
    /// </summary>
    public ControlMessage Control { get; protected set; }
}

/// <summary>What a frame turned out to be.</summary>
public enum FrameOutcome
{
    /// <summary>Well-formed, with at least one event.</summary>
    Events,

    /// <summary>Well-formed, nothing for the tables (another business line, statistics, heartbeat, an unknown control frame).</summary>
    Nothing,

    /// <summary>The venue accepted a request.</summary>
    Acknowledged,

    /// <summary>The venue refused a request or reported an error.</summary>
    Refused,

    /// <summary>The venue says that it will close this connection soon.</summary>
    EndAnnounced,

    /// <summary>Damaged, or breaks its channel's form.</summary>
    Undecodable,
}

/// <summary>An answer of the venue to one of our requests, or what it says by itself.</summary>
/// <param name="Id">The request it answers, or <see cref="Core.Values.Absent.Integer"/>.</param>
/// <param name="Code">The venue's error code, or 0.</param>
/// <param name="Message">The venue's error text, or empty.</param>
/// <param name="AnswersOldest">Without <paramref name="Id"/>: whether the venue answers in the order asked, so that this is for the oldest request without an
/// answer.</param>
public readonly record struct ControlMessage(long Id, long Code, string Message, bool AnswersOldest = false);
