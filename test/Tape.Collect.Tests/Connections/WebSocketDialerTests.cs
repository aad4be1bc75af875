using System.Net;
using System.Net.Sockets;
using System.Text;
using Tape.Collect.Connections;
using Tape.Core.Net;
using Tape.TestKit.Time;

namespace Tape.Collect.Tests.Connections;

public sealed class WebSocketDialerTests : IDisposable
{
    private readonly TcpListener _venue = new(IPAddress.Loopback, 0);
    private readonly TcpListener _other = new(IPAddress.Loopback, 0);

    public WebSocketDialerTests()
    {
        _venue.Start();
        _other.Start();
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    public async Task A_redirect_to_another_host_is_not_followed_and_named(int status)
    {
        var answering = AnswerAsync($"HTTP/1.1 {status} Moved\r\nLocation: http://127.0.0.1:{Port(_other)}/ws\r\nContent-Length: 0\r\n\r\n");
        var dialer = new WebSocketDialer(new NetworkOptions(), TimeProvider.System);
        var fault = await Assert.ThrowsAsync<UpgradeRefusedException>(() =>
            dialer.DialAsync(new Uri($"ws://127.0.0.1:{Port(_venue)}/ws"), CancellationToken.None).WaitAsync(Patience.Max));
        await answering;
        Assert.Equal(status, fault.Status);
        Assert.Contains("not followed", fault.Hint, StringComparison.Ordinal);
        Assert.False(_other.Pending(), "the other host was dialed");
    }

    public void Dispose()
    {
        _venue.Dispose();
        _other.Dispose();
    }

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private async Task AnswerAsync(string answer)
    {
        using var client = await _venue.AcceptTcpClientAsync();
        var stream = client.GetStream();
        var buffer = new byte[8192];
        var read = 0;
        while (!Encoding.ASCII.GetString(buffer, 0, read).Contains("\r\n\r\n", StringComparison.Ordinal)) read += await stream.ReadAsync(buffer.AsMemory(read));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
    }
}
