using System.Text;
using Tape.Collect.Health;
using Tape.Collect.Tests.Support;
using Tape.Core.Health;
using Tape.Storage.Files;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Files;
using Tape.TestKit.Time;

namespace Tape.Collect.Tests.Health;

/// <summary>What the watchdogs make of two connections of one plan: when the successor may take over, and that the state stays READY.</summary>
public sealed class HandoverTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StorageLoopRig _rig;
    private readonly CancellationTokenSource _ends = new();
    private long _quotes;

    public HandoverTests() => _rig = new StorageLoopRig(_folder.Path, DiskFiles.Instance, new FakeTime());

    [Fact]
    public void A_successor_that_delivers_every_stream_may_take_over_at_the_next_tick()
    {
        var (old, next, proven) = Overlap();
        Trade(old);
        Trade(next);
        Assert.False(proven.IsCompleted);
        _rig.Step(TimeSpan.FromSeconds(1));
        Assert.True(proven.IsCompleted);
        Assert.Equal(RecorderState.Ready, _rig.Board.Latest!.Report.State);
    }

    [Fact]
    public void An_acknowledgement_alone_proves_nothing_while_the_predecessor_delivers()
    {
        var (old, _, proven) = Overlap();
        for (var second = 0; second < 60; second++)
        {
            Trade(old);
            _rig.Step(TimeSpan.FromSeconds(1));
        }

        Assert.False(proven.IsCompleted);
        Assert.Equal(RecorderState.Ready, _rig.Board.Latest!.Report.State);
    }

    [Fact]
    public void A_successor_that_owes_a_stream_is_given_up_with_the_streams_name()
    {
        var (old, next, proven) = Overlap();
        for (var second = 0; second < 125; second++)
        {
            Trade(old);
            _rig.Step(TimeSpan.FromSeconds(1));
        }

        Assert.True(_ends.IsCancellationRequested);
        Assert.Contains("btcusdt@aggTrade", HandoverRules.Failed(_rig.View, _rig.Context.Steady.Now).Single(failed => failed.Connection == next).Reason,
            StringComparison.Ordinal);
        Assert.False(proven.IsCompleted);
    }

    [Fact]
    public void Streams_on_which_both_are_silent_are_taken_on_trust_after_a_while()
    {
        var (_, _, proven) = Overlap();
        _rig.Step(HandoverRules.QuietOverlap - TimeSpan.FromSeconds(1));
        Assert.False(proven.IsCompleted);
        _rig.Step(TimeSpan.FromSeconds(1));
        Assert.True(proven.IsCompleted);
    }

    [Fact]
    public void Frames_without_an_answer_to_the_subscription_prove_nothing()
    {
        var old = Connect(answers: true);
        var next = Connect(answers: false);
        var proven = _rig.Context.Watch(next, _ends).Proven;
        Trade(old);
        Trade(next);
        _rig.Step(TimeSpan.FromSeconds(30));
        Assert.False(proven.IsCompleted);
        Send(next, """{"result":null,"id":1}""");
        _rig.Step(TimeSpan.FromSeconds(1));
        _rig.Step(TimeSpan.FromSeconds(1));
        Assert.True(proven.IsCompleted);
    }

    [Fact]
    public void The_first_data_watchdog_counts_from_the_opening_of_each_connection()
    {
        var (old, next, _) = Overlap();
        Trade(old);
        _rig.Step(TimeSpan.FromSeconds(1));
        _rig.Disconnect(old, "rotation");
        var within = _rig.Plan("market").Streams[0].FirstDataWithin!.Value;
        for (var second = 2; second < within.TotalSeconds; second++) _rig.Step(TimeSpan.FromSeconds(1));
        Assert.Equal(StreamHealth.Waiting, Stream().Health);
        for (var second = 0; second < 3; second++) _rig.Step(TimeSpan.FromSeconds(1));
        Assert.Equal(StreamHealth.Unproven, Stream().Health);
        Trade(next);
        _rig.Step(TimeSpan.FromSeconds(1));
        Assert.Equal(StreamHealth.Live, Stream().Health);
    }

    [Fact]
    public void Through_a_whole_rotation_the_state_never_leaves_READY()
    {
        var (old, next, _) = Overlap();
        var states = new List<RecorderState>();
        for (var second = 0; second < 30; second++)
        {
            if (second < 15) Trade(old);
            if (second == 15) _rig.Disconnect(old, "rotation");
            if (second > 5) Trade(next);
            _rig.Step(TimeSpan.FromSeconds(1));
            states.Add(_rig.Board.Latest!.Report.State);
            Assert.NotEqual(0, _rig.Board.Latest.Connections.Single(connection => connection.Route == "market").Connection);
        }

        Assert.All(states, state => Assert.Equal(RecorderState.Ready, state));
        Assert.Equal(1 + 15 + 24, Stream().Frames);
    }

    public void Dispose()
    {
        _rig.StorageLoop.Dispose();
        _ends.Dispose();
        _folder.Dispose();
    }

    private StreamStatus Stream() => _rig.Board.Latest!.Streams.Single(stream => stream.Key.Channel == "aggTrade");

    private (long Old, long Next, Task Proven) Overlap()
    {
        var old = Connect(answers: true);
        _rig.Step(TimeSpan.FromSeconds(1));
        Trade(old);
        _rig.Step(TimeSpan.FromSeconds(1));
        var next = Connect(answers: true);
        var proven = _rig.Context.Watch(next, _ends).Proven;
        _rig.Step();
        return (old, next, proven);
    }

    private long Connect(bool answers)
    {
        if (_quotes == 0) _quotes = _rig.Connect("public");
        var connection = _rig.Connect("market");
        if (answers) Send(connection, """{"result":null,"id":1}""");
        return connection;
    }

    private void Trade(long connection)
    {
        Send(connection, """{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade"}}""");
        Send(_quotes, """{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker"}}""");
        _rig.Step();
    }

    private void Send(long connection, string frame) => Assert.True(_rig.Enqueue(connection, Encoding.UTF8.GetBytes(frame)));
}
