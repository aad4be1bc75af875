using System.Runtime.InteropServices;

namespace Tape.Host.Processes;

/// <summary>
/// Ctrl-C, SIGTERM and the end of a terminal session as one token. Heard from the moment this is made, so before any command begins. The first signal asks
/// to stop in order; impatient further ones change nothing, since what is stored last is what they would cost. A stop that takes longer than
/// <see cref="StopWithin"/> is cut short.
/// </summary>
public sealed class StopSignals : IDisposable
{
    /// <summary>How long a command may take to stop in order.</summary>
    public static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _heard = [];
    private readonly TimeProvider _time;
    private ITimer? _limit;
    private bool _isStopping;

    public StopSignals(TimeProvider time)
    {
        _time = time;
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT })
            _heard.Add(PosixSignalRegistration.Create(signal, Hear));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        foreach (var registration in _heard) registration.Dispose();
        _limit?.Dispose();
        _stop.Dispose();
    }

    private void Hear(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Exchange(ref _isStopping, true)) return;
        _limit = _time.CreateTimer(_ => Environment.Exit(ExitCode.Cancelled), null, StopWithin, Timeout.InfiniteTimeSpan);
        _stop.Cancel();
    }
}
