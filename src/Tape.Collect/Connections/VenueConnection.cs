using Tape.Core.Work;
using Tape.Venues.Contract;

namespace Tape.Collect.Connections;

/// <summary>
/// Keeps one planned socket open: dials, holds it to its end, dials again after a wait. Before the venue cuts one, for its age or because it said so, or when
/// the watchdogs ask for it, opens a successor beside it and lets go of the old one only when the successor has proven itself, so that nothing is missed in
/// between. Everything that happens goes into the queue as records, in the order in which it happened; nothing is decoded here except a stream's name when a
/// frame has to be dropped.
/// </summary>
/// <remarks>
/// At most two sockets are open at a time. A successor that can't be opened or does not prove itself is tried again after waits of up to
/// <see cref="RotationRetryLimit"/>; meanwhile the old one is kept, in the end until the venue cuts it: a socket that delivers is never given up for none.
/// </remarks>
public sealed class VenueConnection
{
    /// <summary>The longest frame that is recorded.</summary>
    public const int FrameBytesMax = 64 << 20;

    /// <summary>A connection that lasted this long has held: the next wait is short again. One that ends sooner counts as a failed attempt.</summary>
    public static readonly TimeSpan HoldsAfter = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait between two attempts to open a successor.</summary>
    public static readonly TimeSpan RotationRetryLimit = TimeSpan.FromMinutes(5);

    /// <summary>The part of the lifetime by which rotation may be early, so that connections opened together are not all replaced together.</summary>
    private const double RotationSpread = 0.05;

    private static readonly TimeSpan DialTimeout = TimeSpan.FromSeconds(15);

    private readonly ConnectionPlan _plan;
    private readonly IVenue _venue;
    private readonly RecorderContext _context;
    private readonly Random _chance;
    private readonly Backoff _backoff;
    private readonly VenueAccess _access;

    internal VenueConnection(ConnectionPlan plan, IVenue venue, RecorderContext context)
    {
        (_plan, _venue, _context, _access) = (plan, venue, context, context.Access(plan));
        _chance = new Random(context.Chance.Next());
        _backoff = new Backoff(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30), _chance);
    }

    /// <summary>The plan that it carries out.</summary>
    public ConnectionPlan Plan => _plan;

    /// <summary>Runs until cancelled; returns when the last record of the connection is in the queue.</summary>
    public Task RunAsync(CancellationToken stop) => Loop.UntilStoppedAsync(async () =>
    {
        var session = await TryOpenAsync(_backoff, stop);
        while (session is not null) session = await HoldAsync(session, stop);
        if (await _context.Wakes.DelayAsync(_backoff.Next(), _context.Time, stop)) _backoff.Reset();
    }, stop);

    /// <summary>Holds a connection until it ends, or another has taken over.</summary>
    /// <returns>The one that took over; null when none is open.</returns>
    private async Task<ConnectionSession?> HoldAsync(ConnectionSession session, CancellationToken stop)
    {
        try
        {
            var rotateAt = _plan.Limits.Lifetime * (1 - RotationSpread * _chance.NextDouble());
            await EndsWithinAsync(rotateAt - session.Age, session.Completed, session.ReplacementAsked);
            var next = session.Completed.IsCompleted ? null : await RotateAsync(session, stop);
            await session.Completed;
            if (session.Age >= HoldsAfter) _backoff.Reset();
            return next;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped while a successor was being dialed: nobody else waits for the last records of this one.
            await session.Completed;
            throw;
        }
    }

    private async Task<ConnectionSession?> RotateAsync(ConnectionSession old, CancellationToken stop)
    {
        var retry = new Backoff(TimeSpan.FromSeconds(1), RotationRetryLimit, _chance);
        while (!old.Completed.IsCompleted)
        {
            if (await TryOpenAsync(retry, stop) is { } successor)
            {
                await EndsWithinAsync(_plan.Limits.LifetimeMax - old.Age, successor.Proven, successor.Completed, old.Completed);
                if (!successor.Completed.IsCompleted && !stop.IsCancellationRequested)
                {
                    var because = old.ReplaceReason.Length > 0 ? $": {old.ReplaceReason}" : "";
                    await old.ReplaceAsync(string.Create(CultureInfo.InvariantCulture,
                        $"connection {successor.Connection} took over after {old.Age.TotalHours:0.00} h{because}"));
                    return successor;
                }

                await successor.Completed;
            }

            await EndsWithinAsync(retry.Next(), old.Completed);
        }

        return null;
    }

    /// <summary>Waits until one of the tasks is done, or a time is over.</summary>
    private Task EndsWithinAsync(TimeSpan limit, params Task[] tasks) =>
        InOrder.WaitAsync(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, _context.Time, CancellationToken.None, tasks);

    /// <returns>The running connection; null when no socket could be opened, which is logged.</returns>
    private async Task<ConnectionSession?> TryOpenAsync(Backoff attempts, CancellationToken stop)
    {
        var attempt = await _access.EnterAsync(stop);
        if (await DialAsync(attempt, attempts.Failures + 1, stop) is not { } dialed) return null;
        return await ConnectionSession.OpenAsync(dialed, _plan, _venue.CreateDecoder(), _context, stop);
    }

    private async Task<DialedSocket?> DialAsync(VenueAccess.Attempt attempt, int number, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(DialTimeout, _context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
        try
        {
            var dialed = await _context.Dialer.DialAsync(_plan.Url, either.Token);
            attempt.Opened();
            _context.Dialed(_plan, failure: null);
            return dialed;
        }
        catch (UpgradeRefusedException refused)
        {
            _context.Dialed(_plan, refused.Message);
            _context.Log.ConnectRefused(_plan, number, refused, attempt.Refused(refused.Status, refused.RetryAfter));
            return null;
        }
        catch (Exception fault) when (!stop.IsCancellationRequested)
        {
            // Whatever keeps the socket from opening is told and tried again: nobody can say beforehand what networks come up with.
            attempt.Failed();
            var reason = timeout.IsCancellationRequested ? $"no answer within {DialTimeout.TotalSeconds:0} s" : ErrorText.Reason(fault);
            _context.Dialed(_plan, reason);
            _context.Log.ConnectFailed(_plan, reason, number);
            return null;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw new OperationCanceledException("Stopped while dialing.", fault, stop);
        }
    }
}
