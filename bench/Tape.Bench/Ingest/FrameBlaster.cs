using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Tape.Simulator.Binance;
using Tape.Simulator.Market;
using Tape.Simulator.WebSockets;

namespace Tape.Bench.Ingest;

/// <summary>
/// A simulator for measurements only: speaks as much of the venue's protocol as a recorder needs to subscribe, then sends frames that were made beforehand,
/// so that it costs next to nothing beside the recorder.
/// </summary>
/// <param name="perWrite">Frames that go out in one write: as many come in one read, unless the reader is behind.</param>
/// <param name="framesPerSecond">On all connections together; 0 as fast as they take them.</param>
internal sealed class FrameBlaster(IReadOnlyList<SymbolSpec> symbols, int perWrite, double framesPerSecond, TimeProvider time) : IDisposable
{
    private const int FramesMade = 16_384;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Thread> _threads = [];
    private readonly Dictionary<string, EncodedFrames> _frames = [];
    private readonly List<Target> _targets = [];
    private readonly ManualResetEventSlim _over = new(false);
    private long _sent;

    /// <summary>WebSocket base address.</summary>
    public Uri Endpoint => new($"ws://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Data frames handed to the system so far, on all connections.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Connections that have subscribed.</summary>
    public int Subscribed
    {
        get
        {
            lock (_targets) return _targets.Count;
        }
    }

    /// <summary>Listens; connections are answered and kept waiting until <see cref="Begin"/>.</summary>
    public void Start()
    {
        foreach (var (route, channel) in new[] { ("public", "bookTicker"), ("market", "aggTrade") })
            _frames[route] = EncodedFrames.Of(SyntheticFrames.Make(symbols, [channel], FramesMade, 1000, 1, new UnixNanos(1_800_000_000_000_000_000)));
        _listener.Start();
        StartThread(AcceptAll);
    }

    /// <summary>Every subscribed connection begins to send.</summary>
    public void Begin() => StartThread(SendAll);

    /// <summary>No more data is sent; connections stay open.</summary>
    public void End() => _over.Set();

    public void Dispose()
    {
        _over.Set();
        _stop.Cancel();
        _listener.Stop();
        foreach (var thread in _threads) thread.Join();
        _stop.Dispose();
        _over.Dispose();
    }

    private void StartThread(Action work)
    {
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or OperationCanceledException
                or WebSocketFaultException)
            {
                // The recorder has gone or the measurement is over; what was stored is the result.
            }
        })
        { IsBackground = true };
        lock (_threads) _threads.Add(thread);
        thread.Start();
    }

    private void AcceptAll()
    {
        while (!_stop.IsCancellationRequested)
        {
            var socket = _listener.AcceptSocket();
            socket.NoDelay = true;
            StartThread(() => Serve(socket));
        }
    }

    private void Serve(Socket socket)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        using var end = _stop.Token.Register(socket.Dispose);
        var request = ReadRequest(stream);
        var route = request.Split(' ')[1].Split('/')[1];
        var key = request.Split("\r\n").First(line => line.StartsWith("Sec-WebSocket-Key:", StringComparison.OrdinalIgnoreCase)).Split(':')[1].Trim();
        stream.Write(Encoding.ASCII.GetBytes(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + $"Sec-WebSocket-Accept: {WebSocketHandshake.Accept(key)}\r\n\r\n"));
        var reader = new FrameReader(stream, 1 << 20);
        var isSubscribed = false;
        while (reader.ReadAsync(_stop.Token).AsTask().GetAwaiter().GetResult() is { } message)
        {
            if (message.Opcode == WebSocketOpcode.Close)
            {
                stream.Write(Frame(WebSocketOpcode.Close, message.Payload.Span));
                return;
            }

            if (message.Opcode != WebSocketOpcode.Text) continue;
            using var json = JsonDocument.Parse(message.Payload);
            stream.Write(Frame(WebSocketOpcode.Text, Encoding.ASCII.GetBytes($"{{\"result\":null,\"id\":{json.RootElement.GetProperty("id").GetRawText()}}}")));
            if (isSubscribed) continue;
            isSubscribed = true;
            lock (_targets) _targets.Add(new Target(socket, _frames[route]));
        }
    }

    /// <summary>One thread sends on all connections in turn, so that sending takes one core at most.</summary>
    private void SendAll()
    {
        List<Target> targets;
        lock (_targets) targets = [.. _targets];
        var (began, sent) = (time.GetTimestamp(), 0L);
        while (!_over.IsSet)
        {
            if (framesPerSecond > 0 && sent >= time.GetElapsedTime(began).TotalSeconds * framesPerSecond)
            {
                // What is to come alone must not be bunched by a sleep, which takes a millisecond at least.
                if (perWrite == 1) Thread.SpinWait(20);
                else _over.Wait(1);
                continue;
            }

            foreach (var target in targets) sent += target.Send(perWrite);
            Interlocked.Exchange(ref _sent, sent);
        }
    }

    private static string ReadRequest(NetworkStream stream)
    {
        var text = new StringBuilder();
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var next = stream.ReadByte();
            if (next < 0) throw new IOException("the connection ended inside the request");
            text.Append((char)next);
        }

        return text.ToString();
    }

    private static byte[] Frame(WebSocketOpcode opcode, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[FrameHeader.BytesMax + payload.Length];
        var header = FrameHeader.Write(frame, opcode, payload.Length);
        payload.CopyTo(frame.AsSpan(header));
        return frame[..(header + payload.Length)];
    }

    /// <summary>A connection that has subscribed, and how far it was served.</summary>
    private sealed class Target(Socket socket, EncodedFrames frames)
    {
        private int _next;

        public int Send(int atMost)
        {
            var count = Math.Min(atMost, frames.Count - _next);
            var bytes = frames.Bytes(_next, count);
            while (bytes.Length > 0) bytes = bytes[socket.Send(bytes)..];
            _next = (_next + count) % frames.Count;
            return count;
        }
    }

    /// <summary>Frames as they go over the wire, one after the other.</summary>
    private sealed class EncodedFrames
    {
        private readonly byte[] _bytes;
        private readonly int[] _ends;

        private EncodedFrames(byte[] bytes, int[] ends) => (_bytes, _ends) = (bytes, ends);

        public int Count => _ends.Length;

        public ReadOnlySpan<byte> Bytes(int from, int count)
        {
            var start = from == 0 ? 0 : _ends[from - 1];
            return _bytes.AsSpan(start, _ends[from + count - 1] - start);
        }

        public static EncodedFrames Of(IReadOnlyList<SyntheticFrame> frames)
        {
            var (bytes, ends) = (new MemoryStream(), new int[frames.Count]);
            for (var index = 0; index < frames.Count; index++)
            {
                bytes.Write(Frame(WebSocketOpcode.Text, frames[index].Payload));
                ends[index] = (int)bytes.Length;
            }

            return new(bytes.ToArray(), ends);
        }
    }
}
