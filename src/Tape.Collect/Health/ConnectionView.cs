using System.Text;
using Tape.Core.Values;
using Tape.Venues;

namespace Tape.Collect.Health;

/// <summary>What the watchdogs know of one planned connection. Owned by the storage thread.</summary>
internal sealed class ConnectionView
{
    private readonly List<ConnectionLife> _lives = [];

    public ConnectionView(ConnectionPlan plan, FrameDecoder decoder)
    {
        Plan = plan;
        Decoder = decoder;
        Streams = [.. plan.Streams.Select(stream => new StreamView(stream))];
        var places = new Dictionary<byte[], int>(Utf8Keys.Instance);
        for (var place = 0; place < Streams.Count; place++) places[Encoding.UTF8.GetBytes(Streams[place].Plan.WireName)] = place;
        Places = places.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public ConnectionPlan Plan { get; }

    public FrameDecoder Decoder { get; }

    public IReadOnlyList<StreamView> Streams { get; }

    /// <summary>Index of a stream by its wire name.</summary>
    public Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> Places { get; }

    /// <summary>Its open sockets, the oldest first: one, and during a rotation its successor.</summary>
    public IReadOnlyList<ConnectionLife> Lives => _lives;

    /// <summary>Number of the oldest open socket on the tape, or 0 when none is open.</summary>
    public long Connection => _lives.Count == 0 ? 0 : _lives[0].Connection;

    public long Frames { get; private set; }

    /// <summary>How the last socket ended; empty when none has.</summary>
    public string LastEnd { get; private set; } = "";

    public ConnectionLife Opened(long connection, UnixNanos now, UnixNanos at)
    {
        var life = new ConnectionLife(this, connection, now, at);
        _lives.Add(life);
        return life;
    }

    public void Ended(ConnectionLife life, string cause, string detail, UnixNanos at)
    {
        _lives.Remove(life);
        LastEnd = detail.Length == 0 ? cause : $"{cause}: {detail}";
        life.Ended(at);
    }

    public void CountFrame() => Frames++;
}
