using Tape.Collect.Clock;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.Venues.Contract;

namespace Tape.Collect.Connections;

/// <summary>
/// One life of a socket: what it received, and the way of its records into the queue. <see cref="Keep"/> belongs to the receiving side alone.
/// </summary>
internal sealed class ConnectionRun(long connection, ConnectionPlan plan, FrameDecoder decoder, ConnectionClock clock, RecorderContext context)
{
    private static readonly TimeSpan RoomPoll = TimeSpan.FromMilliseconds(50);

    private readonly DropCounter _drops = new([.. plan.Streams.Select(stream => stream.WireName)]);

    /// <summary>Its number on the tape.</summary>
    public long Connection { get; } = connection;

    /// <summary>Frames received in whole.</summary>
    public long Frames { get; private set; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>We have said goodbye; whatever ends the socket now was our wish.</summary>
    public bool IsLeaving
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>Puts a received frame into the queue, or counts it as dropped. Never waits.</summary>
    public void Keep(ReadOnlySpan<byte> frame)
    {
        var receivedAt = clock.Now();
        Frames++;
        Bytes += frame.Length;
        if (_drops.Any ? TryKeepAfterDrops(receivedAt, frame) : context.Queue.TryEnqueueFrame(Connection, receivedAt, frame)) return;
        _drops.Count(decoder.StreamName(frame), receivedAt);
        context.CountDrop();
        context.Log.QueueFull(plan, Connection, context.Dropped);
    }

    /// <summary>Puts a record in that must not be lost; waits where even the reserve of the queue is used up.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or storage is given up while stopping.</exception>
    public async Task EnqueueAsync(RecordKind kind, byte[] payload, CancellationToken cancel)
    {
        while (!context.Queue.TryEnqueueNote(kind, Connection, clock.Now(), payload)) await WaitForRoomAsync(context, cancel);
    }

    /// <summary>The last records: undeclared drops, then the end.</summary>
    public async Task EndAsync(DisconnectedNote note)
    {
        if (_drops.Any) await EnqueueAsync(RecordKind.Note, _drops.ToNote(), CancellationToken.None);
        _drops.Clear();
        await EnqueueAsync(RecordKind.Note, note.ToJson(), CancellationToken.None);
    }

    /// <summary>Waits a moment for storage.</summary>
    public static async Task WaitForRoomAsync(RecorderContext context, CancellationToken cancel)
    {
        context.ThrowIfAbandoned();
        await Task.Delay(RoomPoll, context.Time, cancel);
    }

    /// <summary>The note about the drops and the frame after them go in together, so a full queue is not filled further by notes about itself.</summary>
    private bool TryKeepAfterDrops(UnixNanos receivedAt, ReadOnlySpan<byte> frame)
    {
        if (!context.Queue.HasRoomFor(_drops.NoteBytesMax + frame.Length)) return false;
        if (!context.Queue.TryEnqueueFrameAfter(Connection, _drops.ToNote(), receivedAt, frame)) return false;
        _drops.Clear();
        return true;
    }
}
