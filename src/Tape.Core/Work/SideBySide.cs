using System.Runtime.ExceptionServices;

namespace Tape.Core.Work;

/// <summary>Runs pieces of work on a few threads. With one lane, on the caller's own thread and in order, so that it has that one's priority.</summary>
public static class SideBySide
{
    /// <summary>
    /// Runs each number once and returns when all have ended. When one fails, no further one is begun, those that run are cancelled, and the first failure is
    /// thrown.
    /// </summary>
    /// <param name="lanes">Threads, at least 1.</param>
    /// <param name="order">In which they are begun.</param>
    /// <param name="beginning">Called before each piece, one call at a time: how many were begun before, and how many there are.</param>
    /// <param name="work">Gets its lane, from 0 on, which no other work is on meanwhile; its number; and the token by which it is cancelled.</param>
    /// <exception cref="OperationCanceledException">Cancelled by the caller.</exception>
    public static void Run(int lanes, IReadOnlyList<int> order, Action<int, int> beginning, Action<int, int, CancellationToken> work, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes, 1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var turn = new Turn(order, beginning);
        if (lanes == 1 || order.Count < 2) turn.TakeAll(0, work, stop);
        else Task.WaitAll([.. Enumerable.Range(0, Math.Min(lanes, order.Count))
            .Select(lane => Task.Factory.StartNew(() => turn.TakeAll(lane, work, stop), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default))], CancellationToken.None);
        turn.Fault?.Throw();
    }

    /// <summary>What comes next, and what went wrong first. Thread-safe.</summary>
    private sealed class Turn(IReadOnlyList<int> order, Action<int, int> beginning)
    {
        private readonly Lock _gate = new();
        private int _begun;

        public ExceptionDispatchInfo? Fault { get; private set; }

        public void TakeAll(int lane, Action<int, int, CancellationToken> work, CancellationTokenSource stop)
        {
            try
            {
                while (TryBegin(out var number, stop.Token)) work(lane, number, stop.Token);
            }
#pragma warning disable CA1031 // Kept and thrown by Run, to its caller. The others end with being cancelled; this one is why.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                lock (_gate) Fault ??= ExceptionDispatchInfo.Capture(fault);
                stop.Cancel();
            }
        }

        private bool TryBegin(out int number, CancellationToken cancel)
        {
            lock (_gate)
            {
                number = 0;
                if (_begun == order.Count) return false;
                cancel.ThrowIfCancellationRequested();
                beginning(_begun, order.Count);
                number = order[_begun++];
                return true;
            }
        }
    }
}
