using System.Collections.Concurrent;
using Tape.Collect.Clock;
using Tape.Collect.Connections;
using Tape.Collect.Logging;
using Tape.Collect.Queue;
using Tape.Collect.Storing;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.Venues.Contract;

namespace Tape.Collect;

/// <summary>What the connections of one recorder share.</summary>
internal sealed class RecorderContext(RecorderOptions options, TimeProvider time, Random chance, ISocketDialer dialer, RecorderLog log)
{
    private readonly object _opening = new();
    private readonly Dictionary<long, ConnectionSignals> _watches = [];
    private readonly Dictionary<string, VenueAccess> _doors = [];
    private readonly ConcurrentDictionary<(string Venue, string Route, int Shard), string> _dialFailures = [];
    private long _nextConnection;
    private long _dropped;
    private volatile bool _abandoned;

    public TimeProvider Time { get; } = time;

    public Random Chance { get; } = chance;

    public ISocketDialer Dialer { get; } = dialer;

    public RecorderLog Log { get; } = log;

    public FrameQueue Queue { get; } = new(options.QueueBytes);

    public ClockMonitor Clock { get; } = new(time);

    /// <summary>Raised when the machine may have slept.</summary>
    public WakeSignal Wakes { get; } = new();

    /// <summary>A clock that was anchored once, at the start: right for judging how long something has lasted, whatever the wall clock does.</summary>
    public RecordingClock Steady { get; } = new(time);

    /// <summary>Frames dropped since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>The door of a venue, one for all its connections.</summary>
    public VenueAccess Access(ConnectionPlan plan)
    {
        lock (_doors)
        {
            if (!_doors.TryGetValue(plan.Venue, out var door))
                _doors[plan.Venue] = door = new VenueAccess(plan.Venue, plan.Limits.ConnectsPerFiveMinutes, Time);
            return door;
        }
    }

    /// <summary>Why the last attempt at a connection failed; null where it did not, or none was made.</summary>
    public string? DialFailure(ConnectionPlan plan) => _dialFailures.GetValueOrDefault((plan.Venue, plan.Route, plan.Shard));

    /// <summary>An attempt ended.</summary>
    /// <param name="failure">Why it failed; null when it did not.</param>
    public void Dialed(ConnectionPlan plan, string? failure)
    {
        if (failure is null) _dialFailures.TryRemove((plan.Venue, plan.Route, plan.Shard), out _);
        else _dialFailures[(plan.Venue, plan.Route, plan.Shard)] = failure;
    }

    /// <summary>The venues that let nobody in at present.</summary>
    public IReadOnlyList<AccessRefusal> Refusals()
    {
        lock (_doors) return [.. _doors.Values.Select(door => door.Refusal).OfType<AccessRefusal>()];
    }

    /// <summary>
    /// Numbers connections from here on. With the tape's next record number as start, numbers are unique on the tape: each takes at least one record.
    /// </summary>
    public void NumberConnectionsFrom(long first) => _nextConnection = first;

    /// <summary>The number of the next connection: all that were opened have lower ones.</summary>
    public long NextConnection
    {
        get { lock (_opening) return _nextConnection; }
    }

    /// <summary>Numbers a new connection and puts its first note into the queue, as one step: notes stand on the tape in the order of the numbers.</summary>
    public bool TryOpenConnection(byte[] note, ConnectionClock clock, out long connection)
    {
        lock (_opening)
        {
            connection = _nextConnection;
            if (!Queue.TryEnqueueNote(RecordKind.Note, connection, clock.Now(), note)) return false;
            _nextConnection++;
            return true;
        }
    }

    /// <summary>Registers a connection so that the watchdogs can end it.</summary>
    public ConnectionSignals Watch(long connection, CancellationTokenSource session)
    {
        var watch = new ConnectionSignals(session);
        lock (_watches) _watches[connection] = watch;
        return watch;
    }

    /// <summary>The connection has ended by itself.</summary>
    public void Unwatch(long connection)
    {
        lock (_watches) _watches.Remove(connection);
    }

    /// <summary>Ends a connection that its watchdog holds for dead.</summary>
    public void EndConnection(long connection, string reason)
    {
        lock (_watches)
        {
            if (_watches.Remove(connection, out var watch)) watch.End(reason);
        }
    }

    /// <summary>A connection delivers all that its predecessor does.</summary>
    public void ProveConnection(long connection)
    {
        lock (_watches)
        {
            if (_watches.TryGetValue(connection, out var watch)) watch.Prove();
        }
    }

    /// <summary>A connection is to send a further request.</summary>
    public void Ask(long connection, SubscribeRequest request)
    {
        lock (_watches)
        {
            if (_watches.TryGetValue(connection, out var watch)) watch.Ask(request);
        }
    }

    /// <summary>The venue has said that it will close a connection soon.</summary>
    /// <param name="plan">What it carries out.</param>
    /// <param name="connection">Its number.</param>
    /// <param name="words">The venue's.</param>
    public void AnnounceEnd(ConnectionPlan plan, long connection, string words)
    {
        Log.EndAnnounced(plan, connection, words);
        Replace(connection, "");
    }

    /// <summary>A connection is to be replaced by one that has proven itself.</summary>
    /// <param name="plan">What it carries out.</param>
    /// <param name="connection">Its number.</param>
    /// <param name="because">Why.</param>
    public void Replace(ConnectionPlan plan, long connection, string because)
    {
        Log.Replaces(plan, connection, because);
        Replace(connection, because);
    }

    private void Replace(long connection, string because)
    {
        lock (_watches)
        {
            if (_watches.TryGetValue(connection, out var watch)) watch.Replace(because);
        }
    }

    public void CountDrop() => Interlocked.Increment(ref _dropped);

    /// <summary>Storage did not come back in time while stopping: nothing waits for it any more.</summary>
    public void Abandon() => _abandoned = true;

    public void ThrowIfAbandoned()
    {
        if (_abandoned) throw new OperationCanceledException("Stopping: storage takes no more records.");
    }
}
