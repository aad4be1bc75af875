using Tape.Venues.Contract;

namespace Tape.Collect.Connections;

/// <summary>What the watchdogs have to say about a connection: that it is proven, that it is to be replaced, or that it must end and why.</summary>
internal sealed class ConnectionSignals(CancellationTokenSource session)
{
    private readonly TaskCompletionSource _proven = InOrder.NewSource();
    private readonly TaskCompletionSource _replace = InOrder.NewSource();
    private readonly Lock _gate = new();
    private readonly Queue<SubscribeRequest> _asks = new();
    private TaskCompletionSource _asked = InOrder.NewSource();
    private volatile string _reason = "";
    private volatile string _replaceReason = "";

    /// <summary>Done once it delivers all that its predecessor does.</summary>
    public Task Proven => _proven.Task;

    /// <summary>Done once another connection is to take its place.</summary>
    public Task ReplacementAsked => _replace.Task;

    /// <summary>Why; empty when that was said in another place, or it was not asked for.</summary>
    public string ReplaceReason => _replaceReason;

    /// <summary>Done once there is something to ask for, until it was all taken.</summary>
    public Task Asked
    {
        get { lock (_gate) return _asked.Task; }
    }

    /// <summary>Why it was ended; empty when it was not.</summary>
    public string Reason => _reason;

    /// <summary>Done once the watchdog has let go of the source.</summary>
    public Task Ending { get; private set; } = Task.CompletedTask;

    /// <summary>It may take over from its predecessor.</summary>
    public void Prove() => _proven.TrySetResult();

    /// <summary>
    /// It is to send a further request. At most a few wait for each of its streams: refusals halve them, and none is asked for again before a minute is over.
    /// </summary>
    public void Ask(SubscribeRequest request)
    {
        lock (_gate) _asks.Enqueue(request);
        _asked.TrySetResult();
    }

    /// <summary>The next request to send; null when there is none.</summary>
    public SubscribeRequest? TakeAsk()
    {
        lock (_gate)
        {
            if (_asks.TryDequeue(out var request)) return request;
            if (_asked.Task.IsCompleted) _asked = InOrder.NewSource();
            return null;
        }
    }

    /// <summary>Another connection is to take its place.</summary>
    public void Replace(string because)
    {
        _replaceReason = because;
        _replace.TrySetResult();
    }

    /// <summary>Ends the connection, on another thread than the caller's. Only called while it is registered, so the source is alive.</summary>
    public void End(string reason)
    {
        _reason = reason;
        Ending = session.CancelInOrderAsync();
    }
}
