using Tape.Collect.Connections;
using Tape.Collect.Health;
using Tape.Collect.Logging;
using Tape.Collect.Storing;
using Tape.Core.Logging;
using Tape.Storage.Journal;
using Tape.Storage.Seals;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.Venues.Contract;

namespace Tape.Collect;

/// <summary>
/// The recorder: sockets, queue and tape. It decodes for its watchdogs only and writes no table; whatever else fails, it goes on.
/// </summary>
public sealed class Recorder
{
    private readonly RecorderOptions _options;
    private readonly IFiles _files;
    private readonly RecorderContext _context;
    private readonly RecorderLog _log;
    private readonly StatusBoard _board;
    private readonly List<(IVenue Venue, ConnectionPlan Plan)> _plans;

    /// <exception cref="TapeException">A venue does not take what is asked of it; the message lists all faults.</exception>
    public Recorder(RecorderOptions options, IFiles files, ISocketDialer dialer, ILogSink log, TimeProvider time, Random chance)
    {
        _options = options;
        _files = files;
        _log = new RecorderLog(log, time);
        _context = new RecorderContext(options, time, chance, dialer, _log);
        _board = new StatusBoard(_log, time, options.Heartbeat);
        _plans = [.. options.Venues.SelectMany(venue => Plan(venue).Select(plan => (venue.Venue, plan)))];
    }

    /// <summary>The latest status; null before the first second is over.</summary>
    public RecorderStatus? Status => _board.Latest;

    /// <summary>
    /// Hears of each change of the state, on the storage thread: it must return at once and not throw. To be set before <see cref="RunAsync"/>.
    /// </summary>
    public Action<StateChange>? StateChanged
    {
        set => _board.Changed = value;
    }

    /// <summary>The recorder's log, for what runs beside it in the same process.</summary>
    public RecorderLog Log => _log;

    /// <summary>
    /// Takes a measurement of the clock by what runs beside the recorder: ticks on the tape and the status carry it from here on, until the wall clock steps or
    /// it is too old.
    /// </summary>
    public void TakeClockOffset(ClockOffset offset)
    {
        _context.Clock.Take(offset);
        _log.ClockOffset(offset);
    }

    /// <summary>Records until cancelled; then closes the sockets, stores everything that was received and returns.</summary>
    /// <exception cref="OwnedElsewhereException">Another recorder owns the vault's tape.</exception>
    /// <exception cref="TapeException">The tape can't be opened, or storage did not take the rest when stopping.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var storage = OpenStorageLoop();
        var pumping = StartThread(storage);

        using var session = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var connecting = Task.WhenAll(StartConnections(session));
        await Task.WhenAny(pumping, connecting, WhenCancelledAsync(stop));
        await session.CancelAsync();
        var fault = await JoinAsync(connecting);
        storage.Stop();
        await pumping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (pumping.Exception?.InnerException is { } fatal)
            throw new TapeException($"The storage thread failed: {fatal.Message}", "This is a fault of the program; the tape keeps what was synced.", fatal);

        Finish(storage);
        if (fault is not null)
            throw new TapeException($"A connection failed: {fault.Message}", "This is a fault of the program; all that was received is on the tape.", fault);
    }

    /// <summary>
    /// Opens the tape; what comes onto it goes through the pump. Who drives it decides on threads: <see cref="RunAsync"/>, or a simulation that has only one.
    /// </summary>
    internal StorageLoop OpenStorageLoop()
    {
        var writer = OpenWriter();
        _log.Started(_options, writer.TapeId, writer.Recovery?.ToString());
        _context.NumberConnectionsFrom(writer.NextSeq + 1);
        var storage = new StorageLoop(_context, _options, new LiveView(_plans, _context.ProveConnection, _context.AnnounceEnd, _context.Ask), _files, writer,
            () => ReopenWriter(writer.TapeId), _board);
        storage.Announce(new StartedNote($"tape {typeof(Recorder).Assembly.GetName().Version}", _options.ProcessId,
            [.. _options.Venues.Select(venue => venue.Venue.Name)]));
        return storage;
    }

    /// <summary>The connections that are to be held open, not yet running.</summary>
    internal IEnumerable<VenueConnection> Connections() => _plans.Select(plan => new VenueConnection(plan.Plan, plan.Venue, _context));

    private void Finish(StorageLoop storage)
    {
        var complete = storage.Finish("stopped by its owner");
        if (_board.Latest is { } status) _log.Stopped(complete ? "stopped by its owner" : "stopped while storage was not available", status);
        if (!complete)
            throw new TapeException("Stopped while the tape could not be written: the last frames in memory are lost.",
                "The window is declared: from the last synced record to the next connection. Free space or mend the disk, then start again.");
    }

    private TapeWriter OpenWriter() =>
        TapeWriter.Open(_files, _options.TapeFolder, _options.Tape with { SealedTo = SealedTo() }, _context.Time, _context.Chance,
            new OwnerInfo("tape collect", _options.ProcessId, UnixNanos.From(_context.Time.GetUtcNow())));

    /// <summary>Where the sealed part of this tape ends. A seal log that can't be read says nothing, and does not stop the recording: sealing tells.</summary>
    private long SealedTo()
    {
        try
        {
            var seals = SealLog.Read(_files, _options.Vault);
            return (seals.Pending ?? seals.Committed.LastOrDefault()) is { } last
                && TapeFolder.IdOf(_files, _options.TapeFolder)?.ToString("x16", CultureInfo.InvariantCulture) == last.Tape ? last.ToSeqExcl : 0;
        }
        catch (DamagedException fault)
        {
            _log.SealsUnread(fault);
            return 0;
        }
    }

    /// <summary>Opens the same tape again. Where a disk went away its folder is empty or missing, and a new tape must not begin in its place.</summary>
    private TapeWriter ReopenWriter(long tapeId)
    {
        var found = TapeFolder.IdOf(_files, _options.TapeFolder);
        if (found == tapeId) return OpenWriter();
        throw new TapeException(
            $"{_options.TapeFolder}: found {(found is { } other ? $"tape {other:x16}" : "no tape")}, expected tape {tapeId:x16}, which was being recorded "
                + $"there",
            "Bring the disk or the folder back, and recording goes on by itself. To begin a new tape, stop the recorder and start it again.");
    }

    private static IEnumerable<ConnectionPlan> Plan(VenueRequest venue)
    {
        var faults = venue.Venue.Check(venue.Request);
        if (faults.Count > 0) throw new TapeException($"{venue.Venue.Name}: {string.Join(" ", faults)}", "Correct the configuration.");
        return venue.Venue.Plan(venue.Request);
    }

    private List<Task> StartConnections(CancellationTokenSource session)
    {
        var tasks = new List<Task>();
        foreach (var connection in Connections()) tasks.Add(Task.Run(() => RunConnectionAsync(connection, session), CancellationToken.None));
        return tasks;
    }

    /// <summary>A connection that fails by a fault of the program ends the session: recording on with a hole that nobody sees would be worse.</summary>
    private static async Task RunConnectionAsync(VenueConnection connection, CancellationTokenSource session)
    {
        try
        {
            await connection.RunAsync(session.Token);
        }
        catch
        {
            await session.CancelAsync();
            throw;
        }
    }

    /// <returns>Ends with the thread, faulted when it failed: the one thread that must not die hands its fault to the owner, who stops loudly.</returns>
    private static Task StartThread(StorageLoop storage)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                storage.Run();
                ended.SetResult();
            }
            catch (Exception fault)
            {
                ended.SetException(fault);
            }
        })
        { Name = "storage", IsBackground = true };
        thread.Start();
        return ended.Task;
    }

    private Task WhenCancelledAsync(CancellationToken stop) => Task.Delay(Timeout.InfiniteTimeSpan, _context.Time, stop);

    /// <summary>Waits for the connections to put their last records in; gives up on storage that takes nothing for too long.</summary>
    /// <returns>Why one of them failed; null when all ended in order or storage was given up, which <see cref="StorageLoop.Finish"/> tells.</returns>
    private async Task<Exception?> JoinAsync(Task connections)
    {
        using var joined = new CancellationTokenSource();
        var limit = Task.Delay(_options.StopWithin, _context.Time, joined.Token);
        if (await Task.WhenAny(connections, limit) == limit) _context.Abandon();
        await connections.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await joined.CancelAsync();
        return connections.Exception?.InnerException;
    }
}
