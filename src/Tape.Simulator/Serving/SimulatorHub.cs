using Tape.Simulator.Faults;
using Tape.Simulator.Journal;
using Tape.Simulator.Market;

namespace Tape.Simulator.Serving;

/// <summary>
/// What all connections share: the frame source, who listens to what, the fault script. Everything but the counters is guarded by <see cref="Gate"/>.
/// </summary>
internal sealed class SimulatorHub : IFrameSink
{
    private readonly IFrameSource _source;
    private readonly FaultSchedule _schedule;
    private readonly List<SimulatedConnection> _connections = [];
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly RateWindow _connects;
    private long _framesDelivered;
    private readonly List<(FaultRule Rule, TimeSpan Until)> _lasting = [];
    private FaultRule? _refuse;
    private TimeSpan _refuseUntil;

    public SimulatorHub(SimulatorOptions options, IFrameSource source, SimulatorJournal journal, TimeProvider time)
    {
        (Options, _source, Journal, _time) = (options, source, journal, time);
        _schedule = new FaultSchedule(options.Faults);
        _startedAt = time.GetTimestamp();
        _connects = new RateWindow(options.ConnectsMax, options.ConnectsWithin, time);
        foreach (var rule in _schedule.Due(TimeSpan.Zero)) Apply(rule); // a refusal from the beginning meets the first client too
    }

    public Lock Gate { get; } = new();

    public SimulatorOptions Options { get; }

    public SimulatorJournal Journal { get; }

    public FaultRule[] FrameRules => _schedule.FrameRules;

    /// <summary>Connections now. Copied under the lock.</summary>
    public int ConnectionCount
    {
        get
        {
            lock (Gate) return _connections.Count;
        }
    }

    /// <summary>Data frames given to connections.</summary>
    public long FramesDelivered => Interlocked.Read(ref _framesDelivered);

    public long FramesLate
    {
        get
        {
            lock (Gate) return _source.FramesLate;
        }
    }

    public SimulatedStream? Find(string name) => _source.Find(name);

    public void Add(SimulatedConnection connection)
    {
        lock (Gate) _connections.Add(connection);
    }

    public void Remove(SimulatedConnection connection)
    {
        lock (Gate) _connections.Remove(connection);
    }

    public void Listen(SimulatedStream stream, SimulatedConnection connection)
    {
        stream.Subscribers.Add(connection);
        _source.SetActive(stream, true, Now);
        _source.Greet(stream, Now, connection);
    }

    public void Unlisten(SimulatedStream stream, SimulatedConnection connection)
    {
        stream.Subscribers.Remove(connection);
        if (stream.Subscribers.Count == 0) _source.SetActive(stream, false, Now);
    }

    public void Deliver(SimulatedStream stream, ReadOnlySpan<byte> data, bool isWhole)
    {
        var subscribers = stream.Subscribers;
        for (var i = 0; i < subscribers.Count; i++) subscribers[i].Deliver(stream, data, isWhole);
        Interlocked.Add(ref _framesDelivered, subscribers.Count);
    }

    /// <summary>One round: faults that are due, frames that are due, then every connection sends.</summary>
    public void Tick()
    {
        lock (Gate)
        {
            ApplyDue();
            if (_source is SyntheticMarket market) market.ClockSkew = ClockSkew;
            _source.Advance(Now, this);
            foreach (var connection in _connections) connection.Tick();
        }
    }

    /// <summary>The refusal that a new connection of a route meets now, or null.</summary>
    public FaultRule? Refusal(string route)
    {
        lock (Gate) return _refuse is { } rule && Elapsed < _refuseUntil && rule.IsFor(route, 0) ? rule : null;
    }

    /// <summary>Counts a new connection.</summary>
    /// <returns>Zero when it may come; else after how long the next may.</returns>
    public TimeSpan TakeConnect()
    {
        lock (Gate) return _connects.Take() ? TimeSpan.Zero : _connects.FreeIn;
    }

    /// <summary>The fault of a kind that a REST request of a path meets now, the newest one; or null.</summary>
    public FaultRule? RestFault(FaultKind kind, string? path)
    {
        lock (Gate)
        {
            ApplyDue();
            _lasting.RemoveAll(fault => Elapsed >= fault.Until);
            return _lasting.FindLast(fault => fault.Rule.Kind == kind && (fault.Rule.Path is null || fault.Rule.Path == path)).Rule;
        }
    }

    /// <summary>Whether the data of a stream is kept back from a connection now. Under the lock.</summary>
    public bool IsMuted(string route, int connection, string stream)
    {
        foreach (var (rule, until) in _lasting)
            if (rule.Kind == FaultKind.Mute && (rule.Stream is null || rule.Stream == stream) && Elapsed < until && rule.IsFor(route, connection)) return true;
        return false;
    }

    /// <summary>Whether a request of so many bytes meets a fault on a connection now. Under the lock.</summary>
    public bool Meets(FaultKind kind, string route, int connection, int bytes) =>
        _lasting.Exists(fault => fault.Rule.Kind == kind && Elapsed < fault.Until && fault.Rule.IsFor(route, connection)
            && (kind != FaultKind.Ignore || bytes > fault.Rule.Count));

    /// <summary>How far the venue's clock is ahead of ours now.</summary>
    public TimeSpan ClockSkew => Options.ClockSkew + (RestFault(FaultKind.Skew, null)?.By ?? TimeSpan.Zero);

    private TimeSpan Elapsed => _time.GetElapsedTime(_startedAt);

    private UnixNanos Now => UnixNanos.From(_time.GetUtcNow());

    private void ApplyDue()
    {
        foreach (var rule in _schedule.Due(Elapsed)) Apply(rule);
    }

    private void Apply(FaultRule rule)
    {
        if (rule.Kind == FaultKind.Restart) _source.Restart();
        else if (rule.Kind == FaultKind.Refuse) (_refuse, _refuseUntil) = (rule, Elapsed + rule.Duration);
        else if (rule.Kind is FaultKind.Rest or FaultKind.RestSlow or FaultKind.RestGarbage or FaultKind.Skew or FaultKind.Mute or FaultKind.Ignore
            or FaultKind.Unanswered)
            _lasting.Add((rule, Elapsed + rule.Duration));
        else foreach (var connection in _connections) if (rule.IsFor(connection.Route, connection.Id)) connection.Faults.Apply(rule);
    }
}
