using Tape.Collect;
using Tape.Collect.Connections;
using Tape.Collect.Storing;
using Tape.Core.Files;
using Tape.Core.Logging;
using Tape.TestKit.Time;

namespace Tape.SimulationTests.Engine;

/// <summary>The real recorder's parts, moved step by step on one thread: one life of a process, from its start to its end in order or to its death.</summary>
internal sealed class SteppedRecorder
{
    private readonly OneThread _thread = new();
    private readonly ProcessTime _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly StorageLoop _storage;
    private Task _connections = Task.CompletedTask;

    /// <exception cref="Core.Errors.TapeException">The tape can't be opened.</exception>
    public SteppedRecorder(RecorderOptions options, IFiles files, ISocketDialer dialer, ILogSink log, FakeTime clock, Random chance)
    {
        _time = new ProcessTime(clock);
        StorageLoop? storage = null;
        _thread.Run(() =>
        {
            var recorder = new Recorder(options, files, dialer, log, _time, chance);
            storage = recorder.OpenStorageLoop();
            _connections = Task.WhenAll([.. recorder.Connections().Select(connection => connection.RunAsync(_stop.Token))]);
        });
        _storage = storage!;
    }

    /// <summary>Lets everybody do what there is to do, then stores what came in.</summary>
    public void Step()
    {
        _thread.Run(() => { });
        _thread.Run(_storage.Step);
        if (_connections.IsFaulted) throw _connections.Exception;
    }

    /// <summary>Ends in order.</summary>
    /// <param name="moveOn">Moves the world on by a little, while connections say goodbye.</param>
    public void Stop(Action moveOn)
    {
        _thread.Run(_stop.Cancel);
        while (!_connections.IsCompleted)
        {
            moveOn();
            Step();
        }

        Assert.True(_storage.Finish("stopped by the simulation"), "storage took what was left");
        Die();
    }

    /// <summary>Ends at once, as by a kill.</summary>
    public void Die()
    {
        _time.End();
        _thread.End();
        _storage.Dispose();
        _stop.Dispose();
    }
}
