using Tape.Collect.Clock;
using Tape.Collect.Tests.Support;
using Tape.Core.Health;
using Tape.Core.Time;
using Tape.Core.Values;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Files;
using Tape.TestKit.Time;

namespace Tape.Collect.Tests.Storing;

public sealed class StorageLoopTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTime _time = new();
    private readonly FaultyFiles _files;
    private StorageLoopRig? _rig;

    public StorageLoopTests() => _files = new FaultyFiles(_folder.Path, seed: 1);

    private StorageLoopRig Rig => _rig ??= new StorageLoopRig(_folder.Path, _files, _time);

    [Fact]
    public void The_first_record_of_a_run_says_that_it_began_and_the_last_that_it_ended()
    {
        Rig.StorageLoop.Announce(new StartedNote("tape test", 1, ["binance"]));
        var connection = Rig.Connect("market");
        Rig.Enqueue(connection, "frame"u8);
        Assert.True(Rig.StorageLoop.Finish("test is over"));
        var stored = Rig.Stored();
        Assert.IsType<StartedNote>(stored[0].Note);
        Assert.Equal("test is over", Assert.IsType<StoppedNote>(stored[^1].Note).Reason);
        Assert.Single(stored, record => record.Text == "frame");
    }

    [Fact]
    public void Nothing_is_shown_before_it_is_durable()
    {
        var connection = Rig.Connect("market");
        Rig.Step();
        Rig.Enqueue(connection, """{"stream":"btcusdt@aggTrade","data":{}}"""u8);
        _files.FailAt(_files.Operations + 1, Fault.Error);
        Rig.Step();
        Assert.Equal(0, Rig.View.Frames);
        Rig.Step(Second);
        Assert.Equal(1, Rig.View.Frames);
        Assert.Single(Rig.Stored(), record => record.Kind == RecordKind.Frame);
    }

    [Fact]
    public void While_a_sync_takes_long_frames_are_written_at_once_and_shown_only_when_it_has_ended()
    {
        WriteWhileSyncing(20, () =>
        {
            Assert.Equal(0, Rig.View.Frames);
            Assert.True(Rig.Context.Queue.Utilization > 0, "what is not durable still counts against the queue");
        });
        Assert.True(Rig.StorageLoop.Finish("test is over"));
        Assert.Equal(0, Rig.Context.Queue.Utilization);
        AssertFrames(20);
    }

    [Fact]
    public void When_a_sync_fails_after_more_was_written_each_frame_is_stored_once()
    {
        WriteWhileSyncing(6, () => _files.FailAt(_files.Operations + 1, Fault.Error));
        Assert.Single(Rig.Log.Named("storage_failure"));
        AssertFrames(6);
    }

    [Fact]
    public void A_tick_is_written_each_second_after_what_came_before_it()
    {
        var connection = Rig.Connect("market");
        for (var second = 0; second < 5; second++)
        {
            Rig.Enqueue(connection, StorageLoopRig.Numbered(second, 10));
            Rig.Step(Second);
        }

        var stored = Rig.Stored();
        var ticks = stored.Where(record => record.Kind == RecordKind.Tick).ToList();
        Assert.Equal(5, ticks.Count);
        Assert.All(ticks.Zip(ticks.Skip(1)), pair => Assert.Equal(Second, pair.Second.Time.Since(pair.First.Time)));
        Assert.All(stored.Zip(stored.Skip(1)), pair => Assert.True(pair.First.Time <= pair.Second.Time, $"{pair.First} stands before {pair.Second}"));
    }

    [Fact]
    public void Ticks_carry_the_measured_offset_until_the_clock_steps_or_it_is_too_old()
    {
        var offset = new ClockOffset("binance", new UnixNanos(1), 123_456_789, 2_000_000);
        Rig.Step(Second);
        Rig.Context.Clock.Take(offset);
        Rig.Step(Second);
        Assert.Equal(offset, Rig.Board.Latest!.Clock);
        _time.StepWall(TimeSpan.FromMinutes(1));
        Rig.Step(Second);
        Assert.Null(Rig.Board.Latest!.Clock);
        Rig.Context.Clock.Take(offset with { Nanos = -5 });
        Rig.Step(Second);
        var ticks = Rig.Stored().Where(record => record.Kind == RecordKind.Tick).Select(record => Tick.Read(record.Payload).OffsetNanos);
        Assert.Equal([Absent.Integer, 123_456_789, Absent.Integer, -5], ticks);
        _time.Advance(ClockMonitor.OffsetLasts - 2 * Second);
        Assert.NotNull(Rig.Context.Clock.Offset);
        _time.Advance(2 * Second);
        Assert.Null(Rig.Context.Clock.Offset);
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    public void A_step_of_the_wall_clock_is_noted_makes_a_new_anchor_and_ends_no_connection(int seconds)
    {
        var clock = new ConnectionClock(Rig.Context.Clock);
        var connection = Rig.Connect("market", clock);
        using var session = new CancellationTokenSource();
        Rig.Context.Watch(connection, session);
        Rig.Context.Queue.TryEnqueueFrame(connection, clock.Now(), StorageLoopRig.Numbered(1, 10));
        Rig.Step(Second);
        _time.StepWall(TimeSpan.FromSeconds(seconds));
        Rig.Step(Second);
        Rig.Context.Queue.TryEnqueueFrame(connection, clock.Now(), StorageLoopRig.Numbered(2, 10));
        Rig.Step(Second);

        var stored = Rig.Stored();
        var note = Assert.Single(stored.Select(record => record.Note).OfType<ClockStepNote>());
        Assert.Equal(seconds, note.StepNanos / 1_000_000_000);
        var frames = stored.Where(record => record.Connection == connection).ToList();
        Assert.All(frames.Zip(frames.Skip(1)), pair => Assert.True(pair.First.Time <= pair.Second.Time));
        var last = stored.Last(record => record.Kind == RecordKind.Tick);
        Assert.Equal(0, last.Time.Since(Core.Values.UnixNanos.From(_time.GetUtcNow())).Ticks);
        Assert.False(session.IsCancellationRequested);
        Assert.DoesNotContain(Rig.Board.Latest!.Streams, stream => stream.Health is StreamHealth.Silent or StreamHealth.Unproven);
        Assert.Single(Rig.Log.Named("clock_step"));
    }

    [Fact]
    public void A_small_difference_of_the_clocks_is_no_step()
    {
        Rig.Step(Second);
        _time.StepWall(TimeSpan.FromMilliseconds(100));
        Rig.Step(Second);
        Assert.DoesNotContain(Rig.Stored(), record => record.Note is ClockStepNote);
    }

    [Fact]
    public void On_a_full_disk_recording_pauses_says_so_and_resumes_by_itself_with_nothing_lost()
    {
        var connection = Rig.Connect("market");
        Rig.Step(Second);
        _files.FailAt(_files.Operations + 1, Fault.DiskFull);
        var taken = 0;
        while (Rig.Enqueue(connection, StorageLoopRig.Numbered(taken, 1000)))
        {
            taken++;
            if (taken % 100 == 0) Rig.Step(Second);
        }

        Rig.Step(Second);
        var status = Rig.Board.Latest!;
        Assert.Equal(RecorderState.Error, status.Report.State);
        Assert.Contains("full", status.Report.Why[0]);
        Assert.Contains("Free space", status.Report.Advice[0]);
        _files.FreeSpace();
        Rig.Step(Second);
        Rig.Step(Second);
        Rig.Step(Second);
        Assert.NotEqual(RecorderState.Error, Rig.Board.Latest!.Report.State);
        var stored = Rig.Stored();
        Assert.Equal(Enumerable.Range(0, taken), stored.Where(record => record.Kind == RecordKind.Frame).Select(record => record.Number));
        var resumed = Assert.Single(stored.Select(record => record.Note).OfType<ResumedNote>());
        Assert.True(resumed.PausedNanos >= 1_000_000_000);
        Assert.Single(Rig.Log.Named("storage_failure"));
        Assert.Single(Rig.Log.Named("storage_back"));
    }

    [Fact]
    public void A_full_disk_for_a_day_is_noted_in_the_room_kept_free_and_keeps_some_of_it()
    {
        var connection = Rig.Connect("market");
        Rig.Step(Second);
        Rig.Step(Second);
        _files.CapacityBytes = _files.UsedBytes;
        Rig.Enqueue(connection, StorageLoopRig.Numbered(0, 20_000));
        Rig.Step();
        for (var quarter = 0; quarter < 96; quarter++) Rig.Step(TimeSpan.FromMinutes(15));
        Assert.Equal(RecorderState.Error, Rig.Board.Latest!.Report.State);
        var paused = Rig.Stored().Select(record => record.Note).OfType<PausedNote>().ToList();
        Assert.InRange(paused.Count, 2, 100);
        _files.CapacityBytes = null;
        Rig.Step(Second);
        Rig.Step(Second);
        Assert.Single(Rig.Stored(), record => record.Kind == RecordKind.Frame);
    }

    [Fact]
    public void Stopping_on_a_full_disk_ends_within_its_limit_and_says_that_not_all_is_stored()
    {
        var connection = Rig.Connect("market");
        Rig.Step(Second);
        _files.FailAt(_files.Operations + 1, Fault.DiskFull);
        Rig.Enqueue(connection, StorageLoopRig.Numbered(0, 1000));
        Rig.Step(Second);
        using var moving = _time.MoveInBackground();
        Assert.False(Rig.StorageLoop.Finish("test"));
    }

    [Fact]
    public void While_storage_stands_still_no_connection_is_taken_for_dead_and_silence_counts_from_its_return()
    {
        var connection = Rig.Connect("market");
        using var session = new CancellationTokenSource();
        Rig.Context.Watch(connection, session);
        Rig.Step(Second);
        _files.FailAt(_files.Operations + 1, Fault.DiskFull);
        Rig.Enqueue(connection, StorageLoopRig.Numbered(0, 1000));
        for (var minute = 0; minute < 10; minute++) Rig.Step(TimeSpan.FromMinutes(1));
        _files.FreeSpace();
        for (var second = 0; second < 5; second++) Rig.Step(Second);
        Assert.False(session.IsCancellationRequested);
        Assert.DoesNotContain(Rig.Board.Latest!.Streams, stream => stream.Health is StreamHealth.Silent or StreamHealth.Unproven);
    }

    [Fact]
    public void A_connection_without_a_frame_for_the_venues_limit_is_ended()
    {
        var connection = Rig.Connect("market");
        using var session = new CancellationTokenSource();
        var watch = Rig.Context.Watch(connection, session);
        Rig.Step(Second);
        for (var second = 0; second < Rig.Plan("market").Limits.IdleTimeout.TotalSeconds; second++) Rig.Step(Second);
        Assert.False(session.IsCancellationRequested);
        Rig.Step(Second);
        Assert.True(session.IsCancellationRequested);
        Assert.StartsWith("no frame for", watch.Reason);
    }

    [Fact]
    public void Answers_of_the_venue_are_noted_with_their_connection()
    {
        var connection = Rig.Connect("market");
        Rig.Enqueue(connection, """{"result":null,"id":1}"""u8);
        Rig.Enqueue(connection, """{"error":{"code":2,"msg":"no such thing"},"id":1}"""u8);
        Rig.Step();
        Rig.Step();
        var stored = Rig.Stored();
        var answered = Assert.Single(stored, record => record.Note is AcknowledgedNote { Id: 1, StreamFrom: 0, Streams: 1 });
        Assert.Equal(connection, answered.Connection);
        var refused = Assert.Single(stored, record => record.Note is RefusedNote { Id: 1, Code: 2, Message: "no such thing" });
        Assert.Equal(connection, refused.Connection);
        Assert.Single(Rig.Log.Named("ws_refused"));
    }

    public void Dispose()
    {
        _rig?.StorageLoop.Dispose();
        _folder.Dispose();
    }

    /// <summary>The pump's own thread writes so many frames one by one while a sync does not end; then it ends, and the frames are shown.</summary>
    /// <param name="beforeItEnds">Looked at when all are written.</param>
    private void WriteWhileSyncing(int frames, Action beforeItEnds)
    {
        var slow = new SlowFiles(_files);
        _rig = new StorageLoopRig(_folder.Path, slow, _time);
        var connection = Rig.Connect("market");
        Rig.Step();
        slow.Hold();
        var storage = new Thread(Rig.StorageLoop.Run);
        storage.Start();
        try
        {
            for (var number = 0; number < frames; number++)
            {
                Rig.Enqueue(connection, StorageLoopRig.Numbered(number, 50));
                _time.Advance(TimeSpan.FromMilliseconds(20));
                var expected = number + 1;
                Assert.True(SpinWait.SpinUntil(() => Rig.Stored().Count(record => record.Kind == RecordKind.Frame) == expected, Patience.Max),
                    $"frame {number} is not written while the disk syncs");
            }

            beforeItEnds();
            slow.Release();
            using var moving = _time.MoveInBackground();
            Assert.True(SpinWait.SpinUntil(() => Rig.View.Frames == frames, Patience.Max), $"{Rig.View.Frames} of {frames} frames are shown after the sync");
        }
        finally
        {
            slow.Release();
            Rig.StorageLoop.Stop();
            storage.Join();
        }
    }

    private void AssertFrames(int count) =>
        Assert.Equal(Enumerable.Range(0, count), Rig.Stored().Where(record => record.Kind == RecordKind.Frame).Select(record => record.Number));
}
