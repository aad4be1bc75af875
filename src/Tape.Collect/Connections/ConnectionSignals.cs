namespace Tape.Collect.Connections;

/// <summary>What the watchdogs have to say about a connection: that it is proven, that the venue will end it, or that it must end and why.</summary>
internal sealed class ConnectionSignals(CancellationTokenSource session)
{
    private readonly TaskCompletionSource _proven = InOrder.NewSource();
    private readonly TaskCompletionSource _endAnnounced = InOrder.NewSource();
    private volatile string _reason = "";

    /// <summary>Done once it delivers all that its predecessor does.</summary>
    public Task Proven => _proven.Task;

    /// <summary>Done once the venue has said that it will close it soon.</summary>
    public Task EndAnnounced => _endAnnounced.Task;

    /// <summary>Why it was ended; empty when it was not.</summary>
    public string Reason => _reason;

    /// <summary>Done once the watchdog has let go of the source.</summary>
    public Task Ending { get; private set; } = Task.CompletedTask;

    /// <summary>It may take over from its predecessor.</summary>
    public void Prove() => _proven.TrySetResult();

    /// <summary>The venue will close it soon.</summary>
    public void AnnounceEnd() => _endAnnounced.TrySetResult();

    /// <summary>Ends the connection, on another thread than the caller's. Only called while it is registered, so the source is alive.</summary>
    public void End(string reason)
    {
        _reason = reason;
        Ending = session.CancelInOrderAsync();
    }
}
