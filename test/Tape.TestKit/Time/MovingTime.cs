namespace Tape.TestKit.Time;

/// <summary>Moves a fake clock for code under test that waits in a thread of its own.</summary>
public static class MovingTime
{
    /// <summary>From another thread, moves the clock by 100 ms every millisecond or so until disposed.</summary>
    public static IDisposable MoveInBackground(this FakeTime time) => new Mover(time);

    /// <summary>Moves the clock in small steps until something holds; fails after <see cref="Patience"/> of real time.</summary>
    /// <param name="what">Said when it fails.</param>
    public static async Task AdvanceUntilAsync(this FakeTime time, Func<bool> holds, string what, TimeSpan? step = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience.Max) throw new TimeoutException($"did not happen within {Patience.Max}: {what}");
            time.Advance(step ?? TimeSpan.FromMilliseconds(10));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
        }
    }

    private sealed class Mover : IDisposable
    {
        private readonly ManualResetEventSlim _end = new(false);
        private readonly Thread _thread;

        public Mover(FakeTime time)
        {
            _thread = new Thread(() =>
            {
                while (!_end.Wait(TimeSpan.FromMilliseconds(1))) time.Advance(TimeSpan.FromMilliseconds(100));
            });
            _thread.Start();
        }

        public void Dispose()
        {
            _end.Set();
            _thread.Join();
            _end.Dispose();
        }
    }
}
