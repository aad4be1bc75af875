namespace Tape.SimulationTests.Engine;

/// <summary>
/// The only thread of a simulated process: whatever awaits goes on here, in the order in which it was woken, never inside the step of the one who woke it. A
/// continuation that comes from any other thread would make the order a matter of chance and is refused. After <see cref="End"/> nothing of the process runs
/// any more.
/// </summary>
internal sealed class OneThread
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly Queue<(SendOrPostCallback Run, object? State)> _posted = [];
    private bool _isOver;

    /// <summary>Runs something of the process, then all that it woke.</summary>
    public void Run(Action action)
    {
        var outer = SynchronizationContext.Current;
        try
        {
            Step(action);
            while (_posted.TryDequeue(out var next)) Step(() => next.Run(next.State));
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    public void End()
    {
        _isOver = true;
        _posted.Clear();
    }

    /// <summary>Each step has a context of its own: who waited in another one then never counts as being there already, and is put into the queue.</summary>
    private void Step(Action action)
    {
        SynchronizationContext.SetSynchronizationContext(new StepContext(this));
        action();
    }

    private void Post(SendOrPostCallback run, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
            throw new InvalidOperationException(
                $"something of the simulated process went on on another thread: {(state as Delegate)?.Target} {Environment.StackTrace}");
        if (!_isOver) _posted.Enqueue((run, state));
    }

    private sealed class StepContext(OneThread thread) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => thread.Post(d, state);

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("nobody waits for another in a simulation");

        public override SynchronizationContext CreateCopy() => this;
    }
}
