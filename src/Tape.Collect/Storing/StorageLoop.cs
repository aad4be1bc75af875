using Tape.Collect.Clock;
using Tape.Collect.Health;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;

namespace Tape.Collect.Storing;

/// <summary>
/// Moves records from the queue onto the tape: takes all there is and writes it, whether or not the disk is still busy making earlier records durable; looks at
/// records only once they are durable. One thread owns it, another one waits for the disk.
/// taken &gt;= written &gt;= synced = shown and released: what is not durable still counts against the queue.
/// </summary>
/// <remarks>
/// <para>Why writing does not wait for syncs: what is written outlives this process. So a kill loses what came within one commit interval, however
/// long the disk takes; only a machine that stops loses what was not synced.</para>
/// <para>Failure policy. On a full disk nothing more is taken: what was taken stays in hand, the queue fills, and what does not fit is dropped and
/// declared by the connections; writing is tried again each second, once the disk has room for more than the reserve. Any other failure breaks the
/// writer: it is opened again through recovery (waits of 1 s doubling to 30 s), and of the batches in hand exactly the records that recovery did
/// not find are written again.</para>
/// <para>Ticks, clock and health notes go through the queue, so they stand after everything that was received before them.</para>
/// </remarks>
internal sealed class StorageLoop : IDisposable
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);
    private const int WaitingNotesMax = 256;
    private static readonly TimeSpan Brief = TimeSpan.FromMilliseconds(20);

    private readonly RecorderContext _context;
    private readonly RecorderOptions _options;
    private readonly LiveView _view;
    private readonly StatusBoard _board;
    private readonly BatchesInHand _inHand;
    private readonly GroupCommit _commit;
    private readonly FullDiskPause _pause;
    private readonly WriterReopening _reopening;
    private readonly Renewals _renewals;
    private readonly List<StorageBatch.OwnRecord> _notes = [];
    private readonly ManualResetEventSlim _never = new(false);
    private readonly byte[] _tick = new byte[Tick.Bytes];
    private volatile bool _isStopping;
    private TapeWriter? _writer;
    private long _syncedSeq;
    private long _lastTick;
    private UnixNanos _troubleSince;
    private StorageCondition _condition;
    private string _conditionReason = "";

    /// <param name="writer">Owned from here on.</param>
    /// <param name="open">Opens the tape again after a failure.</param>
    public StorageLoop(RecorderContext context, RecorderOptions options, LiveView view, IFiles files, TapeWriter writer, Func<TapeWriter> open,
        StatusBoard board)
    {
        (_context, _options, _view, _board) = (context, options, view, board);
        _writer = writer;
        _inHand = new(context.Queue);
        _commit = new(context.Queue, context.Time, options.CommitInterval);
        _pause = new(context, options, files);
        _reopening = new(context.Time, files, options.TapeFolder, open);
        _renewals = new(context);
        _lastTick = context.Time.GetTimestamp() - (long)(TickEvery.TotalSeconds * context.Time.TimestampFrequency);
    }

    /// <summary>What the recorder says of itself on the tape, before the first batch.</summary>
    public void Announce(StartedNote note) => _notes.Add(new(RecordKind.Note, 0, _context.Clock.Current.Now, note.ToJson()));

    /// <summary>Works until told to stop.</summary>
    public void Run()
    {
        using var ticker = _context.Time.CreateTimer(_ => _context.Queue.Wake(), null, TickEvery, TickEvery);
        while (!_isStopping)
        {
            if (IsIdle) _context.Queue.WaitForRecords(UntilDue());
            var began = _context.Time.GetTimestamp();
            Advance();
            if (!_isStopping) _commit.Pace(began);
        }
    }

    /// <summary>Asks <see cref="Run"/> to return after its present step.</summary>
    public void Stop()
    {
        _isStopping = true;
        _context.Queue.Wake();
    }

    /// <summary>After <see cref="Run"/>: stores what is left, with a note as the tape's last record of this run.</summary>
    /// <returns>Whether all of it is durable; false when storage did not come back within <see cref="RecorderOptions.StopWithin"/>.</returns>
    public bool Finish(string reason)
    {
        var began = _context.Time.GetTimestamp();
        _pause.RetryNow();
        _reopening.RetryNow();
        var note = new StoppedNote(reason).ToJson();
        var isDone = Drain(began) && _context.Queue.TryEnqueueNote(RecordKind.Note, 0, _context.Clock.Current.Now, note) && Drain(began);
        PublishStatus(stopping: true);
        return isDone;
    }

    /// <summary>One round to its end: tick when due, take, write, sync, show, release.</summary>
    public void Step()
    {
        Advance();
        if (!CompleteSync(mustWait: true)) return;
        _commit.Begin(_writer!);
        CompleteSync(mustWait: true);
    }

    /// <summary>Closes the tape; what was not committed is not written.</summary>
    public void Dispose()
    {
        _commit.Dispose();
        _writer?.Dispose();
        _writer = null;
        _never.Dispose();
    }

    /// <summary>Whether there is nothing to do before a record comes, a sync ends, or something falls due.</summary>
    private bool IsIdle => _writer is not null && _notes.Count == 0 && _inHand.AreWritten;

    /// <summary>
    /// One round that waits for no sync: tick when due; show and release what a sync made durable; take and write; begin the next sync when it is due.
    /// </summary>
    private void Advance()
    {
        if (_context.Time.GetElapsedTime(_lastTick) >= TickEvery) TakeTick();
        if (_writer is null && !TryReopen()) return;
        if (!CompleteSync(mustWait: false)) return;
        if (_inHand.AreWritten) _inHand.Take(_notes, _writer!.NextSeq);
        if (!TryWrite() && _writer is null) return;
        if (_commit.UntilDue <= TimeSpan.Zero) _commit.Begin(_writer!);
    }

    private bool Drain(long began)
    {
        while (!_inHand.AreNone || _notes.Count > 0 || !_context.Queue.IsEmpty)
        {
            Step();
            if (_condition != StorageCondition.Writing && _context.Time.GetElapsedTime(began) > _options.StopWithin) return false;
        }

        return true;
    }

    /// <summary>Writes what is in hand and not written. False: the disk is full, or the writer broke and is gone.</summary>
    private bool TryWrite()
    {
        if (_inHand.AreWritten) return true;
        if (_condition == StorageCondition.DiskFull && !IsTimeToRetry()) return WaitBriefly();
        try
        {
            _inHand.WriteTo(_writer!);
            return true;
        }
        catch (DiskFullException full)
        {
            PauseOnFullDisk(full);
            return WaitBriefly();
        }
        catch (Exception fault) when (IsStorageFault(fault))
        {
            Break(fault);
            return false;
        }
    }

    /// <summary>Takes over what the disk has made durable by now.</summary>
    /// <returns>False when the writer broke.</returns>
    private bool CompleteSync(bool mustWait)
    {
        if (_writer is null) return false;
        try
        {
            _commit.Complete(_writer, mustWait);
        }
        catch (Exception fault) when (IsStorageFault(fault))
        {
            Break(fault);
            return false;
        }

        Release();
        return true;
    }

    /// <summary>Shows and gives back what is durable.</summary>
    private void Release()
    {
        _syncedSeq = _writer!.SyncedSeq;
        while (_inHand.TryRelease(_syncedSeq, _view, _context.Steady.Now))
        {
            if (_condition != StorageCondition.Writing && _inHand.AreWritten) Resume();
            NoteAnswers();
        }
    }

    private void NoteAnswers()
    {
        foreach (var answer in _view.TakeAnswers())
        {
            if (answer.Note is RefusedNote refused) _context.Log.Refused(answer.Plan, answer.Connection, refused);
            _notes.Add(new(RecordKind.Note, answer.Connection, answer.NotBefore, answer.Note.ToJson()));
        }
    }

    private void TakeTick()
    {
        _lastTick = _context.Time.GetTimestamp();
        if (_context.Clock.Check() is { } step)
        {
            _context.Log.ClockStep(step);
            PutInQueue(RecordKind.Note, step.ToJson());
            if (ClockMonitor.MayHaveSlept(step)) Wake();
            _renewals.ClockStepped(TimeSpan.FromTicks(step.StepNanos / 100));
        }

        new Tick(_context.Clock.Monotonic, UnixNanos.From(_context.Time.GetUtcNow()).Value, _context.Clock.Offset?.Nanos ?? Absent.Integer).Write(_tick);
        PutInQueue(RecordKind.Tick, _tick);
        var now = _context.Steady.Now;
        _view.Tick(now);
        // While storage stands still nothing is observed, so silence proves nothing.
        if (_condition == StorageCondition.Writing)
        {
            foreach (var (connection, reason) in HealthRules.Dead(_view, now)) _context.EndConnection(connection, reason);
            _renewals.Tick(_view, now);
        }

        if (_writer is { IsInPlace: false })
            Break(new IOException($"{_options.TapeFolder}: the file that is being written is not there any more: its disk or folder went away"));
        PublishStatus();
    }

    /// <summary>
    /// Nothing was observed while the machine slept, so silence proves nothing; sockets that died meanwhile show it soon, and who waits to dial again need not
    /// wait on.
    /// </summary>
    private void Wake()
    {
        _view.Woke(_context.Steady.Now);
        _context.Wakes.Raise();
    }

    /// <summary>
    /// A tick or clock note that does not fit even into the reserve is left out: storage has stood still for long, and a paused note says so.
    /// </summary>
    private bool PutInQueue(RecordKind kind, ReadOnlySpan<byte> payload) => _context.Queue.TryEnqueueNote(kind, 0, _context.Clock.Current.Now, payload);

    /// <summary>
    /// While storage takes nothing, what the board has to say waits with its time: changes of the state, up to a limit, beyond which only the log has them; a
    /// heartbeat of then would say nothing that the change and the pause do not.
    /// </summary>
    private void PublishStatus(bool stopping = false)
    {
        foreach (var note in _board.Publish(_view, _condition, _conditionReason, _context, _syncedSeq, _pause.FreeBytes, stopping))
        {
            if (stopping) return;
            if (_condition == StorageCondition.Writing && PutInQueue(RecordKind.Note, note.ToJson())) continue;
            if (note is StateNote && _notes.Count < WaitingNotesMax) _notes.Add(new(RecordKind.Note, 0, _context.Clock.Current.Now, note.ToJson()));
        }
    }

    private void PauseOnFullDisk(DiskFullException full)
    {
        if (_condition == StorageCondition.Writing) BeginTrouble(full.Message);
        var isNew = _condition != StorageCondition.DiskFull;
        (_condition, _conditionReason) = (StorageCondition.DiskFull, full.Message);
        _pause.Begin(isNew);
        NotePause();
        PublishStatus();
    }

    private void NotePause()
    {
        try
        {
            if (_pause.TryNote(_writer!, _conditionReason)) _syncedSeq = _writer!.SyncedSeq;
        }
        catch (Exception fault) when (IsStorageFault(fault))
        {
            Break(fault);
        }
    }

    private bool IsTimeToRetry()
    {
        if (!_pause.IsRetryDue) return false;
        if (_pause.HasRoom()) return true;
        NotePause();
        return false;
    }

    private void Break(Exception fault)
    {
        if (_condition == StorageCondition.Writing) BeginTrouble(fault.Message);
        else if (_condition != StorageCondition.Broken) _context.Log.StorageTrouble(fault.Message);
        (_condition, _conditionReason) = (StorageCondition.Broken, fault.Message);
        _commit.Abandon();
        _writer?.Dispose();
        _writer = null;
        _reopening.Schedule();
        PublishStatus();
    }

    private void BeginTrouble(string reason)
    {
        _troubleSince = _context.Steady.Now;
        _context.Log.StorageTrouble(reason);
    }

    private bool TryReopen()
    {
        if (!_reopening.IsDue) return WaitBriefly();
        try
        {
            _writer = _reopening.Open(_syncedSeq, _inHand);
            return true;
        }
        catch (Exception fault) when (IsStorageFault(fault))
        {
            _conditionReason = fault.Message;
            _reopening.Schedule();
            return false;
        }
    }

    private void Resume()
    {
        var now = _context.Steady.Now;
        var how = _condition == StorageCondition.DiskFull ? "space returned" : "opened again through recovery";
        _notes.Add(new(RecordKind.Note, 0, _context.Clock.Current.Now, new ResumedNote(how, now.Value - _troubleSince.Value).ToJson()));
        _context.Log.StorageBack(how);
        _view.StorageResumed(now);
        (_condition, _conditionReason) = (StorageCondition.Writing, "");
        _reopening.Reset();
        PublishStatus();
    }

    /// <summary>Until the next tick, or the next sync when something waits for one; while a sync runs its end wakes the queue.</summary>
    private TimeSpan UntilDue()
    {
        var left = TickEvery - _context.Time.GetElapsedTime(_lastTick);
        if (!_inHand.AreNone && !_commit.IsRunning && _commit.UntilDue is var sync && sync < left) left = sync;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private bool WaitBriefly()
    {
        _never.Wait(Brief);
        return false;
    }

    /// <summary>Trouble of the disk, which storage waits out; anything else is a fault of the program.</summary>
    internal static bool IsStorageFault(Exception fault) => fault is IOException or TapeException or UnauthorizedAccessException;
}
