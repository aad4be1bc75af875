using System.Text;
using Tape.Collect.Tests.Support;
using Tape.Storage.Files;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Files;
using Tape.TestKit.Time;
using Tape.Venues.Bybit;

namespace Tape.Collect.Tests.Health;

/// <summary>
/// What the watchdogs make of a connection that we ping: its answers are frames like any other, and their absence means that it is dead, however sparse its
/// streams are.
/// </summary>
public sealed class KeptAliveTests : IDisposable
{
    private const string Route = "linear";
    private const string Pong = """{"success":true,"ret_msg":"pong","conn_id":"x","req_id":"","op":"ping"}""";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _ends = new();
    private StorageLoopRig? _rig;

    [Fact]
    public void Answers_to_our_pings_keep_a_connection_without_data_and_their_absence_ends_it()
    {
        var (rig, connection) = Open("allLiquidation");
        var watch = rig.Context.Watch(connection, _ends);
        var idle = rig.Plan(Route).Limits.IdleTimeout;
        for (var second = 0; second < 3 * idle.TotalSeconds; second++)
        {
            if (second % 20 == 0) Send(Pong);
            rig.Step(Second);
        }

        Assert.False(_ends.IsCancellationRequested);
        for (var second = 0; second <= idle.TotalSeconds + 1; second++) rig.Step(Second);
        Assert.True(_ends.IsCancellationRequested);
        Assert.StartsWith("no frame for", watch.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_a_stream_should_speak_pongs_alone_do_not_keep_a_connection_and_its_silent_successor_gets_twice_the_time()
    {
        var (rig, first) = Open("tickers");
        var limit = rig.Plan(Route).Limits.IdleTimeout.TotalSeconds;
        Assert.True(rig.Plan(Route).Streams.Min(stream => stream.SilentAfter)!.Value.TotalSeconds <= limit);
        Send("""{"topic":"tickers.BTCUSDT","type":"snapshot","ts":1,"data":{}}""");
        var watch = rig.Context.Watch(first, _ends);
        Assert.InRange(SecondsOfPongsUntilEnded(_ends), limit, limit + 3);
        Assert.StartsWith("no data for ", watch.Reason, StringComparison.Ordinal);
        Assert.EndsWith("though the venue answers pings", watch.Reason, StringComparison.Ordinal);

        // It delivered once; the next one never does, and the one behind that has twice the time. One that was lost has shown nothing.
        foreach (var (times, cause) in new[] { (1, "silent"), (2, "silent"), (2, "connection_lost"), (4, "silent") })
        {
            rig.Disconnect(rig.Connection, cause);
            using var ends = new CancellationTokenSource();
            rig.Context.Watch(rig.Connect(Route), ends);
            Assert.InRange(SecondsOfPongsUntilEnded(ends), times * limit, times * limit + 3);
        }
    }

    private int SecondsOfPongsUntilEnded(CancellationTokenSource ends)
    {
        for (var second = 0; ; second++)
        {
            if (ends.IsCancellationRequested) return second;
            Assert.True(second < 3600, "the connection was never ended");
            if (second % 20 == 0) Send(Pong);
            _rig!.Step(Second);
        }
    }

    [Fact]
    public void An_answer_without_a_number_is_for_the_oldest_request_without_one()
    {
        Open("publicTrade", "tickers");
        Send("""{"success":true,"ret_msg":"","conn_id":"x","op":"subscribe"}""");
        Send("""{"success":false,"ret_msg":"Invalid topic","conn_id":"x","req_id":"","op":"subscribe"}""");
        _rig!.Step();
        _rig.Step();
        var notes = _rig.Stored().Select(record => record.Note).ToList();
        Assert.Contains(notes, note => note is AcknowledgedNote { Id: 1, StreamFrom: 0 });
        Assert.Contains(notes, note => note is RefusedNote { Message: "Invalid topic" });
    }

    public void Dispose()
    {
        _rig?.StorageLoop.Dispose();
        _ends.Dispose();
        _folder.Dispose();
    }

    private (StorageLoopRig Rig, long Connection) Open(params string[] channels)
    {
        _rig = new StorageLoopRig(_folder.Path, DiskFiles.Instance, new FakeTime(), options: null, new BybitVenue(), channels);
        var connection = _rig.Connect(Route);
        _rig.Step(Second);
        return (_rig, connection);
    }

    private void Send(string frame) => Assert.True(_rig!.Enqueue(_rig.Connection, Encoding.UTF8.GetBytes(frame)));
}
