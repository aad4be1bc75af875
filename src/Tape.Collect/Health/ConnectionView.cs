using Tape.Storage.Tapes.Notes;
using Tape.Venues.Contract;

namespace Tape.Collect.Health;

/// <summary>What the watchdogs know of one planned connection. Owned by the storage thread.</summary>
internal sealed class ConnectionView
{
    /// <summary>Losses that are remembered.</summary>
    public const int LossesKept = 32;

    /// <summary>Streams that are asked for again within an hour; further ones wait. OKX takes 480 requests an hour on a connection.</summary>
    public const int AsksPerHour = 120;

    private readonly List<LiveConnection> _lives = [];
    private readonly Queue<UnixNanos> _losses = new();
    private readonly Queue<UnixNanos> _asks = new();

    public ConnectionView(ConnectionPlan plan, IVenue venue)
    {
        Plan = plan;
        Decoder = venue.CreateDecoder();
        Streams = [.. plan.Streams.Select(stream => new StreamView(stream, venue.SequenceOf(stream.Key.Channel)))];
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
    public IReadOnlyList<LiveConnection> Lives => _lives;

    /// <summary>Number of the oldest open socket on the tape, or 0 when none is open.</summary>
    public long Connection => _lives.Count == 0 ? 0 : _lives[0].Connection;

    public long Frames { get; private set; }

    /// <summary>How the last socket ended; empty when none has.</summary>
    public string LastEnd { get; private set; } = "";

    /// <summary>Sockets that were replaced for their silence, one after another, without having delivered data.</summary>
    public int LivesWithoutData { get; private set; }

    public LiveConnection Opened(long connection, UnixNanos now, UnixNanos at)
    {
        var life = new LiveConnection(this, connection, now, at);
        _lives.Add(life);
        return life;
    }

    /// <param name="at">On the connection's own clock.</param>
    /// <param name="now">On the clock that judges.</param>
    public void Ended(LiveConnection life, DisconnectedNote note, UnixNanos at, UnixNanos now)
    {
        _lives.Remove(life);
        if (life.HasData) LivesWithoutData = 0;
        else if (note.IsForSilence) LivesWithoutData++;
        LastEnd = note.Detail.Length == 0 ? note.Cause : $"{note.Cause}: {note.Detail}";
        life.Ended(at);
        if (note.IsOurs) return;
        if (_losses.Count == LossesKept) _losses.Dequeue();
        _losses.Enqueue(now);
    }

    /// <summary>How often it was lost since a time on the clock that judges; at most <see cref="LossesKept"/>.</summary>
    public int LossesSince(UnixNanos from) => _losses.Count(loss => loss >= from);

    public void CountFrame() => Frames++;

    /// <summary>Counts a stream that is asked for again.</summary>
    /// <returns>False when <see cref="AsksPerHour"/> are reached.</returns>
    public bool TryCountAsk(UnixNanos now)
    {
        while (_asks.TryPeek(out var oldest) && now.Since(oldest) >= TimeSpan.FromHours(1)) _asks.Dequeue();
        if (_asks.Count == AsksPerHour) return false;
        _asks.Enqueue(now);
        return true;
    }
}
