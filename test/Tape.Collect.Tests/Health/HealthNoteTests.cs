using Tape.Collect.Health;
using Tape.Collect.Tests.Support;
using Tape.Core.Health;
using Tape.Core.Values;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Files;
using Tape.TestKit.Time;

namespace Tape.Collect.Tests.Health;

/// <summary>What the recorder says of itself on the tape, and when.</summary>
public sealed class HealthNoteTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTime _time = new();
    private readonly FaultyFiles _files;
    private readonly StorageLoopRig _rig;

    public HealthNoteTests()
    {
        _files = new FaultyFiles(_folder.Path, seed: 1);
        _rig = new StorageLoopRig(_folder.Path, _files, _time);
    }

    [Fact]
    public void Changes_of_the_state_and_heartbeats_are_notes_with_the_figures_of_the_log()
    {
        Connect();
        for (var second = 0; second < 65; second++)
        {
            Deliver();
            _rig.Step(Second);
        }

        _rig.Step(Second);
        var change = Assert.Single(Notes<StateNote>());
        Assert.Equal(("OFFLINE", "READY", 2, 2), (change.Note.Before, change.Note.State, change.Note.Connections, change.Note.ConnectionsOpen));
        Assert.Equal(change.Note.Since, change.Time.Value);
        var beats = Notes<HeartbeatNote>();
        Assert.Equal(2, beats.Count);
        Assert.Equal(TimeSpan.FromSeconds(30), beats[1].Time.Since(beats[0].Time));
        Assert.All(beats, beat => Assert.Equal(30 * UnixNanos.PerSecond, beat.Note.EveryNanos));
        var lines = _rig.Log.Named("heartbeat");
        Assert.Equal(lines.Select(line => line.GetProperty("frames").GetInt64()), beats.Select(beat => beat.Note.Frames));
        Assert.Equal(new StreamCounts(Live: 2), beats[1].Note.Streams);
        Assert.Empty(beats[1].Note.Troubled);
        Assert.NotNull(beats[1].Note.FreeBytes);
    }

    [Fact]
    public void What_happened_while_storage_took_nothing_is_noted_afterwards_with_its_own_time()
    {
        Connect();
        Deliver();
        _rig.Step(Second);
        _rig.Step(Second);
        _files.FailAt(_files.Operations + 1, Fault.DiskFull);
        Deliver();
        _rig.Step(Second);
        var full = UnixNanos.From(_time.GetUtcNow());
        _files.FreeSpace();
        for (var second = 0; second < 100 && _rig.Board.Latest!.Report.State == RecorderState.Error; second++) _rig.Step(Second);
        Deliver();
        _rig.Step(Second);
        _rig.Step(Second);
        var changes = Notes<StateNote>();
        Assert.Equal(["OFFLINE READY", "READY ERROR", "ERROR READY"], changes.Select(change => $"{change.Note.Before} {change.Note.State}"));
        Assert.Equal(full, changes[1].Time);
        Assert.Contains("full", changes[1].Note.Why[0], StringComparison.Ordinal);
        Assert.True(changes[1].Seq < Notes<ResumedNote>().Single().Seq, "the change stands behind the end of the pause");
    }

    [Fact]
    public void A_connection_that_is_lost_again_and_again_makes_the_state_DEGRADED_until_that_is_over()
    {
        Connect();
        var market = _rig.Connection;
        for (var loss = 1; loss <= HealthRules.LossesMany; loss++)
        {
            Assert.Equal(RecorderState.Ready, State());
            _rig.Disconnect(market, loss == 1 ? "rotation" : "connection_lost");
            market = _rig.Connect("market");
        }

        Assert.Equal(RecorderState.Ready, State());
        _rig.Disconnect(market, "venue_closed");
        _rig.Connect("market");
        Assert.Equal(RecorderState.Degraded, State());
        Assert.Contains("market/0 was lost 5 times in 15 minutes", Assert.Single(_rig.Board.Latest!.Report.Why), StringComparison.Ordinal);
        _time.Advance(HealthRules.LossesMatterFor);
        Assert.Equal(RecorderState.Ready, State());
    }

    public void Dispose()
    {
        _rig.StorageLoop.Dispose();
        _folder.Dispose();
    }

    private long _quotes;

    private void Connect()
    {
        _quotes = _rig.Connect("public");
        _rig.Connect("market");
    }

    private RecorderState State()
    {
        Deliver();
        _rig.Step();
        _rig.Step(Second);
        return _rig.Board.Latest!.Report.State;
    }

    private void Deliver()
    {
        Assert.True(_rig.Enqueue(_rig.Connection, """{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade"}}"""u8));
        Assert.True(_rig.Enqueue(_quotes, """{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker"}}"""u8));
    }

    private List<(long Seq, UnixNanos Time, T Note)> Notes<T>()
        where T : Note => [.. _rig.Stored().Where(record => record.Note is T).Select(record => (record.Seq, record.Time, (T)record.Note!))];
}
