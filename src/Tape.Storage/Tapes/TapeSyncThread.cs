namespace Tape.Storage.Tapes;

/// <summary>
/// A thread that waits for the disk, so that the one that owns a <see cref="TapeWriter"/> can go on writing meanwhile. One sync at a time; used by one thread.
/// </summary>
/// <param name="finished">Called on the thread of the syncs after each one.</param>
public sealed class TapeSyncThread(Action finished) : IDisposable
{
    private readonly SemaphoreSlim _begun = new(0);
    private readonly ManualResetEventSlim _idle = new(true);
    private Thread? _thread;
    private volatile TapeSync? _sync;
    private volatile bool _isEnding;

    /// <summary>Begins to run a sync; the one before must have been waited for.</summary>
    public void Begin(TapeSync sync)
    {
        if (!_idle.IsSet) throw new InvalidOperationException("A sync was begun while another one runs.");
        if (_thread is null)
        {
            _thread = new Thread(Work) { Name = "tape sync", IsBackground = true };
            _thread.Start();
        }

        _sync = sync;
        _idle.Reset();
        _begun.Release();
    }

    /// <summary>Waits until the sync that was begun has run.</summary>
    public void Wait() => _idle.Wait();

    /// <summary>Lets a running sync end first.</summary>
    public void Dispose()
    {
        if (_isEnding) return;
        _isEnding = true;
        _begun.Release();
        _thread?.Join();
        _begun.Dispose();
        _idle.Dispose();
    }

    private void Work()
    {
        while (true)
        {
            _begun.Wait();
            if (_sync is { } sync)
            {
                sync.Run();
                _sync = null;
                _idle.Set();
                finished();
            }

            if (_isEnding) return;
        }
    }
}
