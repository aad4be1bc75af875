using System.Net.WebSockets;
using Tape.Collect.Connections;
using Tape.Collect.Logging;
using Tape.Collect.Tests.Support;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Net;
using Tape.Venues.Contract;

namespace Tape.Collect.Tests.Connections;

public class VenueConnectionTests
{
    /// <summary>Twenty seconds to the next ping would be 2000 steps of the usual size.</summary>
    private static readonly TimeSpan PingStep = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task Subscriptions_go_out_at_the_allowed_rate_and_are_recorded_as_sent()
    {
        await using var rig = new ConnectionRig(plan =>
            plan with
            {
                Requests = [.. Enumerable.Range(1, 12).Select(id => new SubscribeRequest(id, $"request {id}", 0, 1))],
                Limits = plan.Limits with { SendsPerSecond = 5 }
            }).Start();
        await rig.UntilAsync(() => rig.Dialer.Sockets.Count > 0 && rig.Socket.Sent.Count == 12, "all requests are sent");
        Assert.Equal(Enumerable.Range(1, 12).Select(id => $"request {id}"), rig.Socket.Sent);
        var sent = rig.Records().Where(record => record.Kind == RecordKind.Sent).ToList();
        Assert.Equal(rig.Socket.Sent, sent.Select(record => record.Text));
        var connected = rig.Records().First(record => record.Note is ConnectedNote).Time;
        for (var place = 0; place < sent.Count; place++) Assert.True(sent[place].Time.Since(connected) >= TimeSpan.FromSeconds(place / 5));
    }

    [Fact]
    public async Task Keep_alive_frames_follow_the_subscriptions_and_each_other_at_their_interval_and_are_recorded_as_sent()
    {
        var every = TimeSpan.FromSeconds(20);
        await using var rig = new ConnectionRig(plan => plan with { KeepAlive = new KeepAlive("ping", every) }).Start();
        await rig.UntilAsync(() => rig.Dialer.Sockets.Count > 0 && rig.Socket.Sent.Count == 4, "three pings are sent", PingStep);
        Assert.Equal([rig.Plan.Requests.Single().Frame, "ping", "ping", "ping"], rig.Socket.Sent);
        var sent = rig.Records().Where(record => record.Kind == RecordKind.Sent).ToList();
        Assert.Equal(rig.Socket.Sent, sent.Select(record => record.Text));
        Assert.All(sent.Zip(sent.Skip(1)), pair => Assert.True(pair.Second.Time.Since(pair.First.Time) >= every));
    }

    [Fact]
    public async Task Asking_for_more_does_not_put_off_what_keeps_a_connection_open()
    {
        await using var rig = new ConnectionRig(plan => plan with { KeepAlive = new KeepAlive("ping", TimeSpan.FromSeconds(20)) }).Start();
        await rig.UntilAsync(() => rig.Dialer.Sockets.Count > 0 && rig.Socket.Sent.Count == 1, "it has subscribed", PingStep);
        for (var ask = 1; ask <= 6; ask++)
        {
            rig.Context.Ask(1, new SubscribeRequest(100 + ask, $"ask {ask}", 0, 1));
            await rig.UntilAsync(() => rig.Socket.Sent.Contains($"ask {ask}"), "it is sent", PingStep);
            var until = rig.Time.GetTimestamp() + 7_000_000_000;
            await rig.UntilAsync(() => rig.Time.GetTimestamp() >= until, "seven seconds pass", PingStep);
        }

        await rig.UntilAsync(() => rig.Socket.Sent.Count(text => text == "ping") >= 2, "two pings are sent", PingStep);
        var sent = rig.Records().Where(record => record.Kind == RecordKind.Sent).ToList();
        var pings = sent.Where(record => record.Text == "ping").Select(record => record.Time).ToList();
        Assert.InRange(pings[0].Since(sent[0].Time).TotalSeconds, 20, 23);
        Assert.InRange(pings[1].Since(pings[0]).TotalSeconds, 20, 23);
    }

    [Fact]
    public async Task A_connection_that_is_kept_alive_still_leaves_in_order()
    {
        await using var rig = new ConnectionRig(plan => plan with { KeepAlive = new KeepAlive("ping", TimeSpan.FromSeconds(20)) }).Start();
        await rig.UntilAsync(() => rig.Dialer.Sockets.Count > 0 && rig.Socket.Sent.Count == 2, "a ping is sent", PingStep);
        await rig.StopAsync();
        Assert.True(rig.Socket.SawClose);
        Assert.Equal("our_stop", Ends(rig).Single().Cause);
    }

    [Fact]
    public async Task Frames_of_every_size_are_kept_byte_for_byte_in_order()
    {
        await using var rig = new ConnectionRig(queueBytes: 64 << 20).Start();
        await rig.UntilSocketsAsync(1);
        var sizes = new[] { 0, 1, 300, 262_143, 262_144, 262_145, 5_000_000, 7 };
        foreach (var size in sizes) rig.Socket.Deliver(Pattern(size));
        await rig.UntilAsync(() => rig.Records().Count(record => record.Kind == RecordKind.Frame) == sizes.Length, "all frames are in the queue");
        var frames = rig.Records().Where(record => record.Kind == RecordKind.Frame).ToList();
        Assert.All(frames.Zip(sizes), pair => Assert.True(pair.First.Payload.AsSpan().SequenceEqual(Pattern(pair.Second)), $"{pair.Second} bytes"));
    }

    [Fact]
    public async Task A_frame_over_the_limit_ends_the_connection_with_a_note_and_it_is_dialed_again()
    {
        await using var rig = new ConnectionRig(queueBytes: 128 << 20).Start();
        await rig.UntilSocketsAsync(1);
        rig.Socket.Deliver(new byte[VenueConnection.FrameBytesMax]);
        rig.Socket.Deliver(new byte[VenueConnection.FrameBytesMax + 1]);
        await rig.UntilSocketsAsync(2);
        Assert.Equal(VenueConnection.FrameBytesMax, Assert.Single(rig.Records(), record => record.Kind == RecordKind.Frame).Payload.Length);
        Assert.Equal("frame_too_long", Ends(rig).Single().Cause);
    }

    [Fact]
    public async Task The_venues_close_code_and_words_stand_in_the_note()
    {
        await using var rig = new ConnectionRig().Start();
        await rig.UntilSocketsAsync(1);
        var socket = rig.Socket;
        socket.Deliver("{}");
        socket.CloseByVenue(1008, "too slow");
        await rig.UntilSocketsAsync(2);
        Assert.Equal(new DisconnectedNote("venue_closed", "1008 too slow", 1, 2), Ends(rig).Single());
        Assert.True(socket.SawClose);
        var line = Assert.Single(rig.Log.Named("ws_disconnect"));
        Assert.Equal("1008 too slow", line.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_broken_connection_is_noted_with_its_reason_and_dialed_again_under_a_new_number()
    {
        await using var rig = new ConnectionRig().Start();
        await rig.UntilSocketsAsync(1);
        rig.Socket.Break("cable cut");
        await rig.UntilSocketsAsync(2);
        await rig.UntilAsync(() => rig.Records().Count(record => record.Note is ConnectedNote) == 2, "both are noted");
        var end = Ends(rig).Single();
        Assert.Equal("connection_lost", end.Cause);
        Assert.Contains("cable cut", end.Detail);
        Assert.Equal([1, 2], rig.Records().Where(record => record.Note is ConnectedNote).Select(record => record.Connection));
    }

    [Fact]
    public async Task A_venue_that_accepts_answers_and_closes_at_once_is_not_hammered()
    {
        await using var rig = new ConnectionRig();
        rig.Dialer.Answer = _ =>
        {
            var socket = new ScriptedSocket();
            socket.Deliver("""{"error":{"code":1,"msg":"go away"}}""");
            socket.CloseByVenue(1001, "");
            return socket;
        };
        rig.Start();
        await rig.UntilAsync(() => rig.Dialer.Sockets.Count >= 12, "twelve dialings", TimeSpan.FromMilliseconds(100));
        var waits = Gaps(rig.Dialer.DialedAtSeconds);
        Assert.True(waits[^1] >= 15, $"the last waits are {string.Join(", ", waits[^3..])}");
        Assert.All(waits, wait => Assert.True(wait <= 31));
    }

    [Fact]
    public async Task The_wait_grows_while_dialing_fails_and_starts_over_after_a_connection_that_held()
    {
        await using var rig = new ConnectionRig();
        rig.Dialer.Answer = attempt =>
            attempt == 6 ? new ScriptedSocket() : throw new WebSocketException("The server returned status code '503' when status code '101' was expected.");
        rig.Start();
        await rig.UntilAsync(() => rig.Dialer.Sockets.Count == 1, "the seventh dialing", TimeSpan.FromMilliseconds(100));
        var waits = Gaps(rig.Dialer.DialedAtSeconds);
        Assert.True(waits[^1] > 4 * waits[0], string.Join(", ", waits));
        Assert.Contains("503", rig.Log.Named("ws_connect_failed")[0].GetProperty("reason").GetString());
        Assert.Equal(Enumerable.Range(1, 6), rig.Log.Named("ws_connect_failed").Select(line => line.GetProperty("attempt").GetInt32()));
        rig.Time.Advance(VenueConnection.HoldsAfter);
        rig.Socket.Break("gone");
        await rig.UntilAsync(() => rig.Dialer.DialedAtSeconds.Count >= 8, "dialed again");
        await rig.UntilAsync(() => rig.Log.Named("ws_connect_failed").Count == 7, "refused again");
        Assert.Equal(2, rig.Log.Named("ws_connect_failed")[^1].GetProperty("attempt").GetInt32());
    }

    [Fact]
    public async Task Dialings_keep_within_the_venues_limit_for_five_minutes()
    {
        await using var rig = new ConnectionRig(plan => plan with { Limits = plan.Limits with { ConnectsPerFiveMinutes = 4 } });
        rig.Dialer.Answer = _ => throw new WebSocketException("no");
        rig.Start();
        await rig.UntilAsync(() => rig.Dialer.DialedAtSeconds.Count >= 9, "nine dialings", TimeSpan.FromSeconds(1));
        var at = rig.Dialer.DialedAtSeconds;
        for (var first = 0; first + 4 < at.Count; first++) Assert.True(at[first + 4] - at[first] >= 300, $"dialings at {string.Join(", ", at)}");
    }

    [Fact]
    public async Task A_connection_that_is_never_answered_gives_up_and_says_so()
    {
        await using var rig = new ConnectionRig(plan => plan);
        var dialer = new SilentDialer();
        var context = new RecorderContext(new RecorderOptions { Vault = "/none", Venues = [] }, rig.Time, new Random(1), dialer,
            new RecorderLog(rig.Log, rig.Time));
        using var stop = new CancellationTokenSource();
        var running = new VenueConnection(rig.Plan, StorageLoopRig.Venue, context).RunAsync(stop.Token);
        await rig.UntilAsync(() => rig.Log.Named("ws_connect_failed").Count > 0, "the dialing is given up", TimeSpan.FromMilliseconds(500));
        Assert.Contains("15 s", rig.Log.Named("ws_connect_failed")[0].GetProperty("reason").GetString());
        await stop.CancelAsync();
        await rig.UntilAsync(() => running.IsCompleted, "it ends");
    }

    [Fact]
    public async Task Leaving_says_goodbye_and_keeps_what_is_still_under_way()
    {
        var rig = new ConnectionRig().Start();
        await rig.UntilSocketsAsync(1);
        await rig.UntilAsync(() => rig.Socket.Sent.Count > 0, "it has subscribed");
        rig.Socket.Deliver("before");
        rig.Socket.Deliver("under way");
        await rig.DisposeAsync();
        Assert.True(rig.Socket.SawClose);
        Assert.Equal(["before", "under way"], rig.Records().Where(record => record.Kind == RecordKind.Frame).Select(record => record.Text));
        Assert.Equal(new DisconnectedNote("our_stop", "", 2, 15), Ends(rig).Single());
    }

    [Fact]
    public async Task A_venue_that_does_not_answer_our_goodbye_holds_nobody_up()
    {
        var rig = new ConnectionRig();
        rig.Dialer.Answer = _ => new ScriptedSocket { AnswersClose = false };
        rig.Start();
        await rig.UntilSocketsAsync(1);
        await rig.UntilAsync(() => rig.Socket.Sent.Count > 0, "it has subscribed");
        var began = rig.Time.GetTimestamp();
        await rig.DisposeAsync();
        Assert.True(rig.Time.GetElapsedTime(began) < TimeSpan.FromSeconds(30));
        Assert.Equal("our_stop", Ends(rig).Single().Cause);
    }

    [Fact]
    public async Task Drops_are_counted_per_stream_declared_at_their_place_and_take_nothing_from_the_room_of_notes()
    {
        await using var rig = new ConnectionRig().Start();
        await rig.UntilSocketsAsync(1);
        await rig.UntilAsync(() => rig.Socket.Sent.Count > 0, "it has subscribed");
        for (var count = 0; count < 6500; count++) rig.Socket.Deliver(Trade(1000));
        await rig.UntilAsync(() => rig.Context.Dropped >= 5000, "5000 drops");
        await rig.UntilAsync(() => rig.Socket.IsDrained && rig.Context.Queue.Utilization > 0.9 && rig.Log.Named("queue_full_drop").Count > 0,
            "the queue is full");
        var before = rig.Context.Dropped;
        Assert.InRange(rig.Context.Queue.Utilization, 0.9, 1.01);
        rig.Socket.Deliver($$$"""{"stream":"who@knows","data":"{{{new string('x', 2000)}}}"}""");
        await rig.UntilAsync(() => rig.Socket.IsDrained && rig.Context.Dropped > before, "one more");
        var kept = rig.Records().Count(record => record.Kind == RecordKind.Frame);
        rig.Socket.Deliver(Trade(10));
        await rig.UntilAsync(() => rig.Records().Count(record => record.Kind == RecordKind.Frame) > kept, "the next frame is kept");
        var order = rig.Records().Where(record => record.Kind == RecordKind.Frame || record.Note is DroppedNote).ToList();
        var note = Assert.IsType<DroppedNote>(order[kept].Note);
        Assert.Single(order, record => record.Note is DroppedNote);
        Assert.Equal(rig.Context.Dropped, note.Frames);
        Assert.Equal(note.Frames - 1, note.Streams["btcusdt@aggTrade"]);
        Assert.Equal(1, note.Streams[""]);
        Assert.True(rig.Log.Named("queue_full_drop").Count >= 1);
    }

    [Fact]
    public async Task Drops_that_nothing_follows_are_declared_before_the_end()
    {
        var rig = new ConnectionRig().Start();
        await rig.UntilSocketsAsync(1);
        await rig.UntilAsync(() => rig.Socket.Sent.Count > 0, "it has subscribed");
        for (var count = 0; count < 1500; count++) rig.Socket.Deliver(Trade(1000));
        await rig.UntilAsync(() => rig.Context.Dropped >= 10, "ten drops");
        await rig.DisposeAsync();
        var records = rig.Records();
        var end = Assert.IsType<DisconnectedNote>(records[^1].Note);
        var dropped = Assert.IsType<DroppedNote>(records[^2].Note);
        Assert.Equal(end.Frames, records.Count(record => record.Kind == RecordKind.Frame) + dropped.Frames);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_waking_from_sleep_nobody_waits_on_to_dial_again(bool monotonicGoesOn)
    {
        await using var rig = new ConnectionRig();
        rig.Dialer.Answer = attempt => attempt == 8 ? new ScriptedSocket() : throw new WebSocketException("no network");
        rig.Start();
        await rig.UntilAsync(() => rig.Log.Named("ws_connect_failed").Count == 8, "eight dialings", TimeSpan.FromMilliseconds(100));
        Assert.Empty(rig.Dialer.Sockets);
        // The monotonic clock may stand, and then only the signal can end the wait.
        rig.Time.Sleep(TimeSpan.FromHours(7), monotonicGoesOn);
        rig.Context.Wakes.Raise();
        await rig.UntilAsync(() => rig.Dialer.Sockets.Count == 1, "dialed at once", TimeSpan.Zero);
    }

    private static List<DisconnectedNote> Ends(ConnectionRig rig) => [.. rig.Records().Select(record => record.Note).OfType<DisconnectedNote>()];

    private static List<double> Gaps(IReadOnlyList<double> at) => [.. at.Zip(at.Skip(1), (earlier, later) => later - earlier)];

    private static byte[] Pattern(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    private static string Trade(int filling) => $$$"""{"stream":"btcusdt@aggTrade","data":{"x":"{{{new string('x', filling)}}}"}}""";

    private sealed class SilentDialer : ISocketDialer
    {
        public async Task<DialedSocket> DialAsync(Uri url, CancellationToken cancel)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
            throw new InvalidOperationException("never comes here");
        }
    }
}
