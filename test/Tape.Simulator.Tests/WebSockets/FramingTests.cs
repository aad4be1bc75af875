using System.Text;
using Tape.Simulator.Tests.Support;
using Tape.Simulator.WebSockets;

namespace Tape.Simulator.Tests.WebSockets;

public class FramingTests
{
    [Fact]
    public void The_accept_key_is_that_of_the_standards_example() =>
        Assert.Equal("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", WebSocketHandshake.Accept("dGhlIHNhbXBsZSBub25jZQ=="));

    [Theory]
    [InlineData(0, 2)]
    [InlineData(125, 2)]
    [InlineData(126, 4)]
    [InlineData(65535, 4)]
    [InlineData(65536, 10)]
    public void A_header_takes_the_shortest_length_form(int payload, int header)
    {
        Span<byte> target = stackalloc byte[FrameHeader.BytesMax];
        Assert.Equal(header, FrameHeader.Write(target, WebSocketOpcode.Text, payload));
        Assert.Equal(header, FrameHeader.Length(payload));
        Assert.Equal(0x81, target[0]);
        Assert.Equal(0, target[1] & 0x80);
    }

    [Fact]
    public async Task A_fragmented_request_is_joined_and_a_ping_between_fragments_is_answered()
    {
        await using var simulator = await Sim.StartAsync();
        using var client = await RawClient.ConnectAsync(simulator.Endpoint, "/public/ws");
        Assert.StartsWith("HTTP/1.1 101", client.Head);
        var request = Encoding.UTF8.GetBytes("""{"method":"LIST_SUBSCRIPTIONS","id":7}""");
        await client.SendAsync([.. RawClient.Frame(0x01, request.AsSpan(0, 10)), .. RawClient.Frame(0x89, "hi"u8),
            .. RawClient.Frame(0x00, request.AsSpan(10, 5)), .. RawClient.Frame(0x80, request.AsSpan(15))]);
        var pong = await client.ReceiveAsync();
        Assert.Equal(0x8A, pong.First);
        Assert.Equal("hi", Encoding.UTF8.GetString(pong.Payload));
        Assert.Equal("""{"result":[],"id":7}""", Encoding.UTF8.GetString((await client.ReceiveAsync()).Payload));
    }

    public static TheoryData<string, byte[], int> BrokenFrames() => new()
    {
        { "not masked", [0x81, 0x02, (byte)'h', (byte)'i'], 1002 },
        { "reserved bit", RawClient.Frame(0xC1, "hi"u8), 1002 },
        { "reserved opcode", RawClient.Frame(0x83, "hi"u8), 1002 },
        { "fragmented ping", RawClient.Frame(0x09, "hi"u8), 1002 },
        { "long ping", RawClient.Frame(0x89, new byte[126]), 1002 },
        { "continuation without a start", RawClient.Frame(0x80, "hi"u8), 1002 },
        { "new message inside a message", [.. RawClient.Frame(0x01, "hi"u8), .. RawClient.Frame(0x81, "hi"u8)], 1002 },
        { "length not in its shortest form", [0x81, 0xFE, 0, 2, 1, 2, 3, 4, 0, 0], 1002 },
        { "text that is not UTF-8", RawClient.Frame(0x81, [0xff, 0xfe]), 1007 },
        { "close reason that is not UTF-8", RawClient.Frame(0x88, [3, 232, 0xff]), 1007 },
        { "close with half a code", RawClient.Frame(0x88, [3]), 1002 },
        { "too big", [0x82, 0xFF, 0, 0, 0, 0, 0x7f, 0, 0, 0, 1, 2, 3, 4], 1009 },
    };

    [Theory]
    [MemberData(nameof(BrokenFrames))]
    public async Task A_broken_frame_closes_with_the_right_code(string what, byte[] bytes, int code)
    {
        await using var simulator = await Sim.StartAsync();
        using var client = await RawClient.ConnectAsync(simulator.Endpoint, "/public/ws");
        await client.SendAsync(bytes);
        Assert.True(code == await client.CloseCodeAsync(), what);
    }

    [Theory]
    [InlineData("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 12\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")]
    [InlineData("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n")]
    public async Task A_wrong_handshake_is_refused(string headers)
    {
        await using var simulator = await Sim.StartAsync();
        using var client = await RawClient.ConnectAsync(simulator.Endpoint, "/public/ws", headers);
        Assert.StartsWith("HTTP/1.1 400", client.Head);
    }

    [Fact]
    public async Task A_clients_close_is_echoed_with_its_code()
    {
        await using var simulator = await Sim.StartAsync();
        using var client = await RawClient.ConnectAsync(simulator.Endpoint, "/public/ws");
        await client.SendAsync(RawClient.Frame(0x88, [3, 233]));
        Assert.Equal(1001, await client.CloseCodeAsync());
    }
}
