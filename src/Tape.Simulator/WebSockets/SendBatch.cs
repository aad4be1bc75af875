using System.IO.Hashing;
using Tape.Simulator.Journal;

namespace Tape.Simulator.WebSockets;

/// <summary>Frames ready to be written, one after the other in one array, with what the journal is to say about each. Not thread-safe.</summary>
internal sealed class SendBatch
{
    private readonly List<Item> _items = [];
    private byte[] _bytes = new byte[16 * 1024];

    public int Count => _items.Count;

    /// <summary>Bytes on the wire.</summary>
    public int Length { get; private set; }

    public bool EndsWithClose { get; private set; }

    public void Add(JournalEntryKind kind, WebSocketOpcode opcode, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        var length = first.Length + second.Length + third.Length;
        Reserve(length + FrameHeader.BytesMax);
        Length += FrameHeader.Write(_bytes.AsSpan(Length), opcode, length);
        var payload = Join(first, second, third);
        Length += length;
        _items.Add(new Item(new JournalEntry(0, XxHash64.HashToUInt64(payload), length, kind), Length, null));
    }

    public void AddSkipped(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        Reserve(first.Length + second.Length + third.Length);
        var payload = Join(first, second, third);
        _items.Add(new Item(new JournalEntry(0, XxHash64.HashToUInt64(payload), payload.Length, JournalEntryKind.Skipped), Length, null));
    }

    public void AddFault(SendFault fault) => _items.Add(new Item(default, Length, fault));

    public void AddClose(int code, string reason)
    {
        Add(JournalEntryKind.Close, WebSocketOpcode.Close, [(byte)(code >> 8), (byte)code], Encoding.UTF8.GetBytes(reason), []);
        EndsWithClose = true;
    }

    public SendFault? FaultAt(int index) => _items[index].Fault;

    public JournalEntry EntryAt(int index) => _items[index].Entry;

    public int BytesBetween(int from, int toExcl) => End(toExcl) - End(from);

    public ReadOnlyMemory<byte> Bytes(int from, int toExcl) => _bytes.AsMemory(End(from), BytesBetween(from, toExcl));

    public void Clear()
    {
        _items.Clear();
        Length = 0;
        EndsWithClose = false;
    }

    private int End(int index) => index == 0 ? 0 : _items[index - 1].End;

    private Span<byte> Join(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        var payload = _bytes.AsSpan(Length, first.Length + second.Length + third.Length);
        first.CopyTo(payload);
        second.CopyTo(payload[first.Length..]);
        third.CopyTo(payload[(first.Length + second.Length)..]);
        return payload;
    }

    private void Reserve(int bytes)
    {
        if (Length + bytes > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + bytes));
    }

    private readonly record struct Item(JournalEntry Entry, int End, SendFault? Fault);
}
