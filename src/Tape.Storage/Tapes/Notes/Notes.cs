using System.Text.Json;
using System.Text.Json.Serialization;
using Tape.Storage.Journal;

namespace Tape.Storage.Tapes.Notes;

/// <summary>
/// What a note record says: a JSON object whose <c>note</c> names its type. Readers ignore fields and types that they do not know.
/// Counts are frames, sizes bytes, times nanoseconds since the epoch.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "note", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FallBackToBaseType,
    IgnoreUnrecognizedTypeDiscriminators = true)]
[JsonDerivedType(typeof(StartedNote), "started")]
[JsonDerivedType(typeof(StoppedNote), "stopped")]
[JsonDerivedType(typeof(RecoveredNote), "recovered")]
[JsonDerivedType(typeof(ConnectedNote), "connected")]
[JsonDerivedType(typeof(AcknowledgedNote), "acknowledged")]
[JsonDerivedType(typeof(RefusedNote), "refused")]
[JsonDerivedType(typeof(DisconnectedNote), "disconnected")]
[JsonDerivedType(typeof(DroppedNote), "dropped")]
[JsonDerivedType(typeof(ClockStepNote), "clock_step")]
[JsonDerivedType(typeof(PausedNote), "paused")]
[JsonDerivedType(typeof(ResumedNote), "resumed")]
[JsonDerivedType(typeof(StateNote), "state")]
[JsonDerivedType(typeof(HeartbeatNote), "heartbeat")]
public record Note
{
    /// <summary>Whether it has all that a note of its type must have: a forged one may not.</summary>
    internal virtual bool IsWhole => true;

    /// <summary>The note as UTF-8 JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, NoteJson.Default.Note);

    /// <summary>Reads a note; a type from a newer program comes as a plain <see cref="Note"/>.</summary>
    /// <exception cref="DamagedException">The payload is not a note.</exception>
    public static Note Parse(ReadOnlySpan<byte> payload)
    {
        try
        {
            var note = JsonSerializer.Deserialize(payload, NoteJson.Default.Note) ?? new Note();
            return note.IsWhole ? note : throw new JsonException($"{note.GetType().Name} lacks something that it must have");
        }
        catch (Exception fault) when (JsonFaults.IsFault(fault))
        {
            throw new DamagedException($"A note on the tape can't be read: {fault.Message}", "Run 'tape log verify'.", fault);
        }
    }
}

/// <summary>The recorder opened the tape.</summary>
public sealed record StartedNote(string Program, int Process, string[] Venues) : Note
{
    internal override bool IsWhole => Program is not null && Venues is not null && !Venues.Contains(null);
}

/// <summary>The recorder closed the tape in order: all that it received is on the tape or declared dropped.</summary>
public sealed record StoppedNote(string Reason) : Note;

/// <summary>Opening found a torn tail and cut it.</summary>
public sealed record RecoveredNote(string Segment, long CutAt, long CutBytes, string Found) : Note;

/// <summary>A socket is open. Everything about the connection that readers of its frames must know.</summary>
/// <param name="Local">Our address and port.</param>
public sealed record ConnectedNote(string Venue, string Route, int Shard, string Url, string Local, NotedStream[] Streams) : Note
{
    internal override bool IsWhole => Venue is not null && Route is not null && Streams is not null && Streams.All(stream => stream is { IsWhole: true });
}

/// <summary>A stream that a connection is to carry.</summary>
public sealed record NotedStream(string Channel, string Symbol, string Wire)
{
    /// <summary>Whether it has all its names.</summary>
    [JsonIgnore]
    public bool IsWhole => Channel is not null && Symbol is not null && Wire is not null;
}

/// <summary>
/// The venue accepted request <paramref name="Id"/> for <paramref name="Streams"/> streams from index <paramref name="StreamFrom"/> of the connection's list.
/// </summary>
public sealed record AcknowledgedNote(long Id, int StreamFrom, int Streams) : Note;

/// <summary>The venue refused a request or sent an error.</summary>
public sealed record RefusedNote(long? Id, long Code, string Message) : Note
{
    /// <summary>The refused stream in frames, where it was asked for alone; else null.</summary>
    public string? Stream { get; init; }
}

/// <summary>A socket is gone. <paramref name="Frames"/> is how many it delivered in whole: on the tape + declared dropped.</summary>
/// <param name="Cause">One of: our_stop, venue_closed, connection_lost, silent, rotation, refused, frame_too_long, clock_step, failure.</param>
public sealed record DisconnectedNote(string Cause, string Detail, long Frames, long Bytes) : Note
{
    internal override bool IsWhole => Cause is not null;

    /// <summary>Whether we ended it ourselves, in order.</summary>
    [JsonIgnore]
    public bool IsOurs => Cause is "our_stop" or "rotation";

    /// <summary>Whether we ended it because it was silent for too long.</summary>
    [JsonIgnore]
    public bool IsForSilence => Cause is "silent";
}

/// <summary>Frames that were received and not stored, at exactly this place in the connection's order.</summary>
/// <param name="Streams">Count by the venue's stream name; an empty name where it could not be told.</param>
public sealed record DroppedNote(string Cause, long Frames, long FirstAt, long LastAt, Dictionary<string, long> Streams) : Note
{
    internal override bool IsWhole => Cause is not null && Streams is not null;
}

/// <summary>The wall clock left the monotonic one, or the machine stood still; the time from here on has a new anchor.</summary>
/// <param name="StepNanos">By how much the wall clock is ahead of where the old anchor and the monotonic clock put it; 0 or small when only the machine stood
/// still.</param>
public sealed record ClockStepNote(long StepNanos, long WallNanos) : Note
{
    /// <summary>
    /// For how long the recorder had not looked at its clocks by the monotonic one, where that is long (sleep, or a machine held up); else null.
    /// </summary>
    public long? StillNanos { get; init; }
}

/// <summary>Storage can't take more: recording pauses. Written into the room kept free for it; repeated with rising counts while it lasts.</summary>
public sealed record PausedNote(string Reason, long DroppedSoFar) : Note;

/// <summary>Storage takes data again. The drops of the pause stand in their own notes.</summary>
public sealed record ResumedNote(string Reason, long PausedNanos) : Note;

/// <summary>The payload of a tick record.</summary>
/// <param name="MonotonicNanos">The machine's monotonic clock; its zero is arbitrary, so only differences within one run mean anything.</param>
/// <param name="WallNanos">The wall clock.</param>
/// <param name="OffsetNanos">Wall clock minus true time as measured against the venue, or <see cref="Absent.Integer"/> when not measured.</param>
public readonly record struct Tick(long MonotonicNanos, long WallNanos, long OffsetNanos)
{
    /// <summary>Bytes of the payload: three little-endian 64-bit integers.</summary>
    public const int Bytes = 24;

    public void Write(Span<byte> payload)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(payload, MonotonicNanos);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(payload[8..], WallNanos);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(payload[16..], OffsetNanos);
    }

    public static Tick Read(ReadOnlySpan<byte> payload) => new(
        System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(payload),
        System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(payload[8..]),
        System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(payload[16..]));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Note))]
internal sealed partial class NoteJson : JsonSerializerContext;
