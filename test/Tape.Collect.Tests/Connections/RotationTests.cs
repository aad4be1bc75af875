using System.Net.WebSockets;
using Tape.Collect.Connections;
using Tape.Collect.Tests.Support;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Net;

namespace Tape.Collect.Tests.Connections;

/// <summary>How a connection is replaced before the venue cuts it. The test itself says when a successor has proven itself.</summary>
public class RotationTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LifetimeMax = TimeSpan.FromMinutes(12);

    [Fact]
    public async Task The_old_one_is_read_on_beside_its_successor_and_left_in_order_when_that_is_proven()
    {
        await using var rig = await StartAsync();
        var old = rig.Socket;
        await OverlapAsync(rig, 2);
        Assert.InRange(rig.Dialer.DialedAtSeconds[1], 0.95 * Lifetime.TotalSeconds, Lifetime.TotalSeconds + 60);
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        old.Deliver("from the old one");
        rig.Socket.Deliver("from the new one");
        await rig.UntilAsync(() => rig.Records().Count(record => record.Kind == RecordKind.Frame) == 2, "both frames are in the queue");
        Assert.False(old.SawClose);
        old.Deliver("still under way");
        rig.Context.ProveConnection(2);
        await rig.UntilAsync(() => Ends(rig).Count == 1, "the old one has ended");
        Assert.True(old.SawClose);
        var end = Ends(rig).Single();
        Assert.Equal((1, "rotation", 2), (end.Connection, end.Note.Cause, end.Note.Frames));
        Assert.StartsWith("connection 2 took over", end.Note.Detail, StringComparison.Ordinal);
        rig.Socket.Deliver("afterwards");
        await rig.UntilAsync(() => rig.Records().Any(record => record.Connection == 2 && record.Text == "afterwards"), "the new one is read");
        var frames = rig.Records().Where(record => record.Kind == RecordKind.Frame).ToLookup(record => record.Connection, record => record.Text);
        Assert.Equal(["from the old one", "still under way"], frames[1]);
        Assert.Equal(["from the new one", "afterwards"], frames[2]);
        Assert.Equal("info", rig.Log.Named("ws_disconnect").Single().GetProperty("level").GetString());
    }

    [Fact]
    public async Task One_whose_end_the_venue_announces_is_replaced_at_once()
    {
        await using var rig = await StartAsync();
        rig.Context.AnnounceEnd(rig.Plan, 1, "The connection will soon be closed for a service upgrade.");
        await IsReplacedAtOnceAsync(rig);
        Assert.Equal("The connection will soon be closed for a service upgrade.", rig.Log.Named("ws_end_announced").Single().GetProperty("reason").GetString());
    }

    [Fact]
    public async Task One_that_the_watchdogs_want_replaced_is_replaced_at_once_and_says_why()
    {
        await using var rig = await StartAsync();
        rig.Context.Replace(rig.Plan, 1, "btcusdt@aggTrade stayed silent");
        await IsReplacedAtOnceAsync(rig);
        Assert.EndsWith(" h: btcusdt@aggTrade stayed silent", Ends(rig)[0].Note.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_opened_together_are_not_replaced_together()
    {
        var at = new List<double>();
        for (var seed = 1; seed <= 3; seed++)
        {
            await using var rig = await StartAsync(seed);
            await OverlapAsync(rig, 2);
            at.Add(rig.Dialer.DialedAtSeconds[1]);
        }

        Assert.True(at.Distinct().Count() == 3 && at.Max() - at.Min() > 0.01 * Lifetime.TotalSeconds, string.Join(", ", at));
    }

    [Fact]
    public async Task A_successor_takes_its_own_turn()
    {
        await using var rig = await StartAsync();
        for (var number = 2; number <= 3; number++)
        {
            await OverlapAsync(rig, number);
            rig.Context.ProveConnection(number);
            await rig.UntilAsync(() => Ends(rig).Count == number - 1, "the old one has ended");
        }

        Assert.Equal([1L, 2], Ends(rig).Select(end => end.Connection));
        Assert.All(rig.Dialer.DialedAtSeconds.Zip(rig.Dialer.DialedAtSeconds.Skip(1)),
            pair => Assert.True(pair.Second - pair.First >= 0.94 * Lifetime.TotalSeconds));
    }

    [Fact]
    public async Task While_successors_are_refused_the_old_one_is_kept_past_the_last_moment_and_attempts_get_rare()
    {
        await using var rig = await StartAsync();
        var old = rig.Socket;
        rig.Dialer.Answer = _ => throw new WebSocketException("The server returned status code '503' when status code '101' was expected.");
        await rig.UntilAsync(() => rig.Time.GetTimestamp() / 1e9 > LifetimeMax.TotalSeconds + 1800, "the last moment is long over", TimeSpan.FromSeconds(2));
        Assert.False(old.SawClose);
        Assert.Empty(Ends(rig));
        var attempts = rig.Dialer.DialedAtSeconds.Skip(1).ToList();
        Assert.InRange(attempts.Count, 8, 30);
        Assert.True(attempts[^1] - attempts[^2] >= VenueConnection.RotationRetryLimit.TotalSeconds / 2 - 2, string.Join(", ", attempts));
        rig.Dialer.Answer = _ => new ScriptedSocket();
        await OverlapAsync(rig, 2);
        await rig.UntilAsync(() => Ends(rig).Count == 1, "one that is open takes over at once now");
        Assert.True(old.SawClose);
    }

    [Fact]
    public async Task A_successor_that_is_cut_before_it_is_proven_is_tried_again()
    {
        await using var rig = await StartAsync();
        var old = rig.Socket;
        await OverlapAsync(rig, 2);
        rig.Socket.Break("cut in the middle");
        await OverlapAsync(rig, 3);
        Assert.Equal([2L], Ends(rig).Select(end => end.Connection));
        Assert.False(old.SawClose);
        rig.Context.ProveConnection(3);
        await rig.UntilAsync(() => Ends(rig).Count == 2, "the old one has ended");
        Assert.Equal((1, "rotation"), (Ends(rig)[1].Connection, Ends(rig)[1].Note.Cause));
    }

    [Fact]
    public async Task When_the_venue_cuts_the_old_one_meanwhile_the_successor_goes_on_alone()
    {
        await using var rig = await StartAsync();
        var old = rig.Socket;
        await OverlapAsync(rig, 2);
        old.CloseByVenue(1008, "Connection lifetime reached");
        await rig.UntilAsync(() => Ends(rig).Count == 1, "the old one has ended");
        Assert.Equal((1, "venue_closed"), (Ends(rig)[0].Connection, Ends(rig)[0].Note.Cause));
        rig.Socket.Deliver("afterwards");
        await rig.UntilAsync(() => rig.Records().Any(record => record.Connection == 2 && record.Text == "afterwards"), "the new one is read");
        rig.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(2, rig.Dialer.DialedAtSeconds.Count);
    }

    [Fact]
    public async Task When_both_are_cut_a_third_is_dialed()
    {
        await using var rig = await StartAsync();
        var old = rig.Socket;
        await OverlapAsync(rig, 2);
        rig.Socket.Break("network gone");
        old.Break("network gone");
        await rig.UntilAsync(() => rig.Dialer.Sockets.Count == 3 && rig.Socket.Sent.Count > 0, "a third is open");
        Assert.Equal([1L, 2], Ends(rig).Select(end => end.Connection).Order());
    }

    [Fact]
    public async Task One_that_is_never_proven_takes_over_at_the_last_moment()
    {
        await using var rig = await StartAsync();
        await OverlapAsync(rig, 2);
        await rig.UntilAsync(() => Ends(rig).Count == 1, "the old one has ended", TimeSpan.FromSeconds(1));
        Assert.Equal("rotation", Ends(rig)[0].Note.Cause);
        Assert.InRange(rig.Time.GetTimestamp() / 1e9, LifetimeMax.TotalSeconds, LifetimeMax.TotalSeconds + 600);
    }

    [Fact]
    public async Task Stopping_in_the_middle_leaves_both_in_order()
    {
        var rig = await StartAsync();
        await OverlapAsync(rig, 2);
        await rig.DisposeAsync();
        Assert.All(rig.Dialer.Sockets, socket => Assert.True(socket.SawClose));
        Assert.Equal([(1L, "our_stop"), (2L, "our_stop")], Ends(rig).Select(end => (end.Connection, end.Note.Cause)).Order());
    }

    private static async Task IsReplacedAtOnceAsync(ConnectionRig rig)
    {
        await OverlapAsync(rig, 2);
        Assert.InRange(rig.Dialer.DialedAtSeconds[1], 0, 60);
        Assert.Empty(Ends(rig));
        rig.Context.ProveConnection(2);
        await rig.UntilAsync(() => Ends(rig).Count == 1, "the old one has ended");
        Assert.Equal((1L, "rotation"), (Ends(rig)[0].Connection, Ends(rig)[0].Note.Cause));
    }

    private static async Task<ConnectionRig> StartAsync(int seed = 1)
    {
        var rig = new ConnectionRig(plan => plan with { Limits = plan.Limits with { Lifetime = Lifetime, LifetimeMax = LifetimeMax } }, seed: seed).Start();
        await rig.UntilAsync(() => rig.Dialer.Sockets.Count == 1 && rig.Socket.Sent.Count > 0, "it has subscribed");
        return rig;
    }

    /// <summary>Waits until a socket has subscribed, in steps short enough for a rotation to be seen.</summary>
    private static async Task OverlapAsync(ConnectionRig rig, int number)
    {
        await rig.UntilAsync(() => rig.Dialer.Sockets.Count == number && rig.Socket.Sent.Count > 0, $"socket {number} is open", TimeSpan.FromSeconds(1));
        await rig.UntilAsync(() => rig.Records().Any(record => record.Connection == number && record.Kind == RecordKind.Sent), "its request is in the queue",
            TimeSpan.Zero);
    }

    private static List<(long Connection, DisconnectedNote Note)> Ends(ConnectionRig rig) =>
        [.. rig.Records().Where(record => record.Note is DisconnectedNote).Select(record => (record.Connection, (DisconnectedNote)record.Note!))];
}
