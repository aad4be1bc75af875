using Tape.Collect.Connections;
using Tape.TestKit.Net;

namespace Tape.Collect.Tests.Support;

/// <summary>Gives out scripted sockets. Thread-safe.</summary>
internal sealed class ScriptedDialer(TimeProvider time) : ISocketDialer
{
    private readonly Lock _gate = new();
    private readonly List<ScriptedSocket> _sockets = [];
    private readonly List<long> _dialedAt = [];

    /// <summary>Makes the answer to the n-th dialing, from 0; a plain open socket by default. May throw.</summary>
    public Func<int, ScriptedSocket> Answer { get; set; } = _ => new ScriptedSocket();

    /// <summary>The sockets given out, in order.</summary>
    public IReadOnlyList<ScriptedSocket> Sockets
    {
        get { lock (_gate) return [.. _sockets]; }
    }

    /// <summary>Monotonic seconds of the dialings.</summary>
    public IReadOnlyList<double> DialedAtSeconds
    {
        get { lock (_gate) return [.. _dialedAt.Select(at => at / (double)time.TimestampFrequency)]; }
    }

    public Task<DialedSocket> DialAsync(Uri url, CancellationToken cancel)
    {
        lock (_gate)
        {
            _dialedAt.Add(time.GetTimestamp());
            var socket = Answer(_dialedAt.Count - 1);
            _sockets.Add(socket);
            return Task.FromResult(new DialedSocket(socket, $"127.0.0.1:{40_000 + _sockets.Count}"));
        }
    }
}
