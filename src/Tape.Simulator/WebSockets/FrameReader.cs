using System.Buffers.Binary;
using System.Text.Unicode;

namespace Tape.Simulator.WebSockets;

/// <summary>
/// Reads a client's frames: checks mask, reserved bits, opcodes, fragment order, control-frame rules, UTF-8 of text and of close reasons; joins fragments and
/// hands out control frames between them. Holds at most <c>messageBytesMax</c> bytes of a message. One reader at a time.
/// </summary>
public sealed class FrameReader(Stream stream, int messageBytesMax)
{
    private const int ControlBytesMax = 125;
    private readonly byte[] _header = new byte[14];
    private readonly byte[] _control = new byte[ControlBytesMax];
    private byte[] _message = new byte[1024];
    private int _messageLength;
    private WebSocketOpcode _messageOpcode;

    /// <summary>Frames read so far, control frames and fragments included.</summary>
    public long Frames { get; private set; }

    /// <summary>The next message or control frame, or null when the client has closed the TCP connection between frames.</summary>
    /// <exception cref="WebSocketFaultException">The client broke a rule.</exception>
    /// <exception cref="IOException">The connection was lost.</exception>
    public async ValueTask<InboundMessage?> ReadAsync(CancellationToken cancel)
    {
        while (true)
        {
            if (!await ReadHeaderStartAsync(cancel)) return null;
            var head = CheckHead(_header[0], _header[1]);
            var length = await ReadLengthAsync(_header[1] & 0x7f, head.Opcode, cancel);
            await stream.ReadExactlyAsync(_header.AsMemory(10, 4), cancel);
            Frames++;
            var payload = await ReadPayloadAsync(head.Opcode, length, cancel);
            if (head.Opcode >= WebSocketOpcode.Close) return CheckControl(head.Opcode, payload);
            if (head.Opcode != WebSocketOpcode.Continuation) _messageOpcode = head.Opcode;
            if (!head.Final) continue;
            return Finish();
        }
    }

    private async ValueTask<bool> ReadHeaderStartAsync(CancellationToken cancel)
    {
        var first = await stream.ReadAsync(_header.AsMemory(0, 2), cancel);
        if (first == 1) await stream.ReadExactlyAsync(_header.AsMemory(1, 1), cancel);
        return first != 0;
    }

    private (WebSocketOpcode Opcode, bool Final) CheckHead(byte first, byte second)
    {
        var opcode = (WebSocketOpcode)(first & 0x0f);
        var final = (first & 0x80) != 0;
        if ((first & 0x70) != 0) throw Broken("reserved bits are set, no extension was agreed");
        if ((second & 0x80) == 0) throw Broken("the frame is not masked");
        if (!Enum.IsDefined(opcode)) throw Broken($"opcode {(int)opcode} is reserved");
        if (opcode >= WebSocketOpcode.Close && !final) throw Broken("a control frame is fragmented");
        if (opcode == WebSocketOpcode.Continuation && _messageOpcode == 0) throw Broken("a continuation without a message");
        if (opcode is WebSocketOpcode.Text or WebSocketOpcode.Binary && _messageOpcode != 0) throw Broken("a new message inside a fragmented one");
        return (opcode, final);
    }

    private async ValueTask<int> ReadLengthAsync(int shortForm, WebSocketOpcode opcode, CancellationToken cancel)
    {
        if (opcode >= WebSocketOpcode.Close && shortForm > ControlBytesMax) throw Broken($"a control frame is longer than {ControlBytesMax} bytes");
        if (shortForm < 126) return CheckedSize(shortForm, opcode);
        var bytes = shortForm == 126 ? 2 : 8;
        await stream.ReadExactlyAsync(_header.AsMemory(2, bytes), cancel);
        var length = bytes == 2 ? BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(2)) : BinaryPrimitives.ReadUInt64BigEndian(_header.AsSpan(2));
        if (length < (bytes == 2 ? 126u : 65536u)) throw Broken("the length is not in its shortest form");
        return CheckedSize(length, opcode);
    }

    private int CheckedSize(ulong length, WebSocketOpcode opcode) => opcode >= WebSocketOpcode.Close || length + (ulong)_messageLength <= (ulong)messageBytesMax
        ? (int)length
        : throw new WebSocketFaultException(WebSocketCloseCode.TooBig, $"the message is longer than {messageBytesMax} bytes");

    private int CheckedSize(int length, WebSocketOpcode opcode) => CheckedSize((ulong)length, opcode);

    private async ValueTask<Memory<byte>> ReadPayloadAsync(WebSocketOpcode opcode, int length, CancellationToken cancel)
    {
        var isControl = opcode >= WebSocketOpcode.Close;
        if (!isControl && _messageLength + length > _message.Length)
            Array.Resize(ref _message, Math.Max(_messageLength + length, Math.Min(_message.Length * 2, messageBytesMax)));
        var target = isControl ? _control.AsMemory(0, length) : _message.AsMemory(_messageLength, length);
        await stream.ReadExactlyAsync(target, cancel);
        Unmask(target.Span, _header.AsSpan(10, 4));
        if (!isControl) _messageLength += length;
        return target;
    }

    private static void Unmask(Span<byte> payload, ReadOnlySpan<byte> mask)
    {
        for (var i = 0; i < payload.Length; i++) payload[i] ^= mask[i & 3];
    }

    private static InboundMessage CheckControl(WebSocketOpcode opcode, Memory<byte> payload)
    {
        if (opcode == WebSocketOpcode.Close && payload.Length == 1) throw Broken("a close frame has half a code");
        if (opcode == WebSocketOpcode.Close && payload.Length > 2 && !Utf8.IsValid(payload.Span[2..]))
            throw new WebSocketFaultException(WebSocketCloseCode.InvalidText, "the close reason is not UTF-8");
        return new InboundMessage(opcode, payload);
    }

    private InboundMessage Finish()
    {
        var message = new InboundMessage(_messageOpcode, _message.AsMemory(0, _messageLength));
        (_messageOpcode, _messageLength) = (default, 0);
        if (message.Opcode == WebSocketOpcode.Text && !Utf8.IsValid(message.Payload.Span))
            throw new WebSocketFaultException(WebSocketCloseCode.InvalidText, "the text message is not UTF-8");
        return message;
    }

    private static WebSocketFaultException Broken(string what) => new(WebSocketCloseCode.ProtocolError, what);
}
