using System.Runtime.CompilerServices;
using Tape.Venues.Contract;
using Tape.Venues.Json;

namespace Tape.Venues.Frames;

/// <summary>
/// What decoders of JSON frames have in common: one pass over the whole text that notes where the fields of its objects lie, fields to values, book levels
/// to rows. It accepts exactly the texts that <c>Utf8JsonReader</c> reads to their end; what breaks its channel's form beyond that is noted and refused at the
/// end.
/// </summary>
public abstract partial class JsonFrameDecoder : FrameDecoder
{
    private const int MessageBytesMax = 1000;

    /// <summary>Numbers so far whose digits a DOUBLE cannot give back. The frame keeps them.</summary>
    public long InexactCount { get; private set; }

    private protected EventBuffer Events { get; private set; } = new();

    /// <summary>The fields of the outermost object.</summary>
    private protected abstract FrameFields Root { get; }

    /// <summary>The token of a field of the outermost object, as far as it has been read; the default one when it is not there.</summary>
    private protected JsonToken Known(int field) => Root.Has(field) ? Root[field] : default;

    /// <summary>The first thing found wrong with the form of the frame, or null.</summary>
    private protected string? FormFault { get; set; }

    /// <summary>Index of the frame's next event.</summary>
    private protected int Index { get; set; }

    /// <inheritdoc/>
    public override FrameOutcome Decode(ReadOnlySpan<byte> frame, EventBuffer events)
    {
        Begin(events);
        _remembers = frame.Length > 0 && frame[0] == '{';
        if (_remembers && (TryOwnWay(frame) || (TryLayout(_frames, frame, 0) && TryRepeat(frame)))) return FrameOutcome.Events;
        StartEvents();
        var outcome = DecodeInFull(frame);
        if (outcome == FrameOutcome.Events && _remembers && CanRepeat) Learn(_frames, frame, 0, Objects);
        return outcome;
    }

    /// <summary>Takes the caller's buffer for a new frame.</summary>
    private protected void Begin(EventBuffer events)
    {
        if (Events != events) Events = events;
        StartEvents();
    }

    /// <summary>Forgets what has been found so far: the frame, or its data, is read from the start.</summary>
    private protected virtual void StartEvents()
    {
        Events.Clear();
        Index = 0;
        FormFault = null;
    }

    /// <summary>Reads the frame from its first byte to its last.</summary>
    private protected FrameOutcome DecodeInFull(ReadOnlySpan<byte> frame)
    {
        var json = new JsonScanner(frame);
        var outcome = FrameOutcome.Nothing;
        if (!ReadFrame(ref json, ref outcome) || !json.ReadEnd()) return Refuse($"byte {json.Position}: {json.Fault}", isSyntax: true);
        if (FormFault is not null) return Refuse(FormFault, isSyntax: false);
        return Events.Count > 0 ? FrameOutcome.Events : outcome;
    }

    /// <summary>Reads the outermost value.</summary>
    private protected virtual bool ReadFrame(ref JsonScanner json, ref FrameOutcome outcome)
    {
        if (json.Peek() != '{') return json.ReadValue(0, out _);
        if (!ScanObject(ref json, Root, 1)) return false;
        outcome = FinishRoot(json.Json);
        return true;
    }

    /// <summary>Makes rows, or the outcome of a frame without any, of the outermost object, which has been found whole.</summary>
    private protected abstract FrameOutcome FinishRoot(ReadOnlySpan<byte> frame);

    /// <summary>Reads an element of the data; any value may come next.</summary>
    /// <param name="json">Stands at its first byte.</param>
    /// <param name="depth">Containers open around it.</param>
    private protected virtual bool ReadElement(ref JsonScanner json, int depth) => json.ReadValue(depth, out _);

    /// <summary>Elements read of the last array of data.</summary>
    private protected int ElementCount { get; private set; }

    /// <summary>Reads an array element by element.</summary>
    /// <param name="json">Stands at the opening bracket.</param>
    /// <param name="depth">Containers open around the array.</param>
    private protected bool ReadElements(ref JsonScanner json, int depth)
    {
        ElementCount = 0;
        json.Position++;
        if (json.Peek() == ']') return json.Read((byte)']', "");
        while (ReadElement(ref json, depth + 1))
        {
            ElementCount++;
            if (json.Peek() != ',') return json.Read((byte)']', "expected a comma or the end of an array");
            json.Position++;
            json.Peek();
        }

        return false;
    }

    /// <summary>Reads an object inside of an event, which the first pass has found to be whole.</summary>
    private protected bool Inner(ReadOnlySpan<byte> frame, FrameFields fields, int field, FrameFields inner)
    {
        if (!Is(fields, field, JsonKind.Object, "an object")) return false;
        var json = new JsonScanner(frame, fields[field].Start);
        return ScanObject(ref json, inner, 1);
    }

    /// <summary>The head of the frame's next event. Written field by field: copying a head that was just put together makes the processor wait.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected EventHead Next(in EventHead head) => new(Index++, head.Symbol, head.EventTime, head.SentTime);

    /// <summary>The venue's words in a control message, cut at 1000 bytes; empty when there are none.</summary>
    private protected string Message(ReadOnlySpan<byte> frame, FrameFields fields, int field)
    {
        if (!fields.Has(field) || fields[field].Kind != JsonKind.String) return "";
        var text = TextOf(frame, fields[field], out var plain) ? plain : fields[field].In(frame);
        return Encoding.UTF8.GetString(text[..Math.Min(text.Length, MessageBytesMax)]);
    }

    /// <summary>An integer of a control message, as JSON integer or in quotes; <paramref name="otherwise"/> when it is none.</summary>
    private protected static long IntegerOr(ReadOnlySpan<byte> frame, FrameFields fields, int field, long otherwise)
        => fields.Has(field) && fields[field].Kind is JsonKind.Integer or JsonKind.String && WireNumber.TryParseInteger(fields[field].In(frame), out var value)
            ? value : otherwise;

    private FrameOutcome Refuse(string fault, bool isSyntax)
    {
        Events.Clear();
        Fault = fault;
        FaultIsSyntax = isSyntax;
        return FrameOutcome.Undecodable;
    }
}
