using System.Buffers.Binary;

namespace Tape.Simulator.WebSockets;

/// <summary>Writes the header of a frame from server to client: one whole message, unmasked, in the shortest length form.</summary>
public static class FrameHeader
{
    /// <summary>The longest header that <see cref="Write"/> writes.</summary>
    public const int BytesMax = 10;

    /// <summary>Bytes of the header for a payload of this length.</summary>
    public static int Length(int payloadLength) => payloadLength < 126 ? 2 : payloadLength <= ushort.MaxValue ? 4 : 10;

    /// <summary>Writes the header at the start of <paramref name="target"/> and returns its length.</summary>
    public static int Write(Span<byte> target, WebSocketOpcode opcode, int payloadLength)
    {
        target[0] = (byte)(0x80 | (int)opcode);
        var length = Length(payloadLength);
        target[1] = length switch { 2 => (byte)payloadLength, 4 => 126, _ => 127 };
        if (length == 4) BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)payloadLength);
        if (length == 10) BinaryPrimitives.WriteUInt64BigEndian(target[2..], (ulong)payloadLength);
        return length;
    }
}

/// <summary>What a WebSocket frame is, by its number on the wire (RFC 6455 section 5.2).</summary>
public enum WebSocketOpcode : byte
{
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}
