using Tape.Venues.Contract;

namespace Tape.Collect.Connections;

/// <summary>What the watchdogs have to say about a connection: that it is proven, that the venue will end it, or that it must end and why.</summary>
internal sealed class ConnectionSignals(CancellationTokenSource session)
{
    private readonly TaskCompletionSource _proven = InOrder.NewSource();
    private readonly TaskCompletionSource _endAnnounced = InOrder.NewSource();
    private readonly Lock _gate = new();
    private readonly Queue<SubscribeRequest> _asks = new();
    private TaskCompletionSource _asked = InOrder.NewSource();
    private volatile string _reason = "";

    /// <summary>Done once it delivers all that its predecessor does.</summary>
    public Task Proven => _proven.Task;

    /// <summary>Done once the venue has said that it will close it soon.</summary>
    public Task EndAnnounced => _endAnnounced.Task;

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

    /// <summary>It is to send a further request. At most two wait for each of its streams, since each refusal halves one.</summary>
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

    /// <summary>The venue will close it soon.</summary>
    public void AnnounceEnd() => _endAnnounced.TrySetResult();

    /// <summary>Ends the connection, on another thread than the caller's. Only called while it is registered, so the source is alive.</summary>
    public void End(string reason)
    {
        _reason = reason;
        Ending = session.CancelInOrderAsync();
    }
}
