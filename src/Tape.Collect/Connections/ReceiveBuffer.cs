using System.Buffers;

namespace Tape.Collect.Connections;

/// <summary>
/// Holds the message that a socket is receiving. Rented; it grows to <see cref="VenueConnection.FrameBytesMax"/> and goes back when its connection ends. Not
/// thread-safe.
/// </summary>
internal sealed class ReceiveBuffer : IDisposable
{
    private const int BytesAtFirst = 256 << 10;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(BytesAtFirst);
    private int _length;

    /// <summary>The message as far as received.</summary>
    public ReadOnlySpan<byte> Message => _bytes.AsSpan(0, _length);

    /// <summary>Room for the next part; empty when the message is as long as one may be.</summary>
    public Memory<byte> Room()
    {
        if (_length == _bytes.Length && _length < VenueConnection.FrameBytesMax) Grow();
        return _bytes.AsMemory(_length, Math.Min(_bytes.Length, VenueConnection.FrameBytesMax) - _length);
    }

    /// <summary>A part has been written into the room.</summary>
    public void Received(int count) => _length += count;

    /// <summary>Begins the next message.</summary>
    public void Clear() => _length = 0;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(_length * 2, VenueConnection.FrameBytesMax));
        Message.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
