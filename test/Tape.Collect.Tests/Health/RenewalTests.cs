using Tape.Collect.Health;
using Tape.Collect.Tests.Support;
using Tape.Core.Health;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;

namespace Tape.Collect.Tests.Health;

/// <summary>What the recorder does about a stream that is silent, refused or not answered, and about times that became wrong.</summary>
public sealed class RenewalTests
{
    public static TheoryData<string> Venues => new("binance", "bybit", "okx");

    [Theory]
    [MemberData(nameof(Venues))]
    public void A_silent_stream_is_asked_for_again_alone_then_its_connection_is_replaced_then_it_is_asked_for_ever_less_often(string venue)
    {
        using var rig = Start(venue);
        var limit = (int)rig.Plan.Streams[1].SilentAfter!.Value.TotalSeconds;
        rig.Speaking.Remove(1);
        rig.Run(limit - 1);
        Assert.Equal(StreamHealth.Live, rig.Health);
        rig.Run(4);
        Assert.Equal(StreamHealth.Silent, rig.Health);
        Assert.Equal([Leaves(rig), Asks(rig)], rig.Asked.Select(asked => Shape(asked.Frame)));
        Assert.False(rig.Signals.ReplacementAsked.IsCompleted);
        rig.Run(62);
        Assert.True(rig.Signals.ReplacementAsked.IsCompleted);
        Assert.Contains(rig.Plan.Streams[1].WireName, rig.Signals.ReplaceReason, StringComparison.Ordinal);
        Assert.Equal(2, rig.Asked.Count);

        Replace(rig);
        rig.Asked.Clear();
        rig.Run(3 * 3600);
        Assert.False(rig.Signals.ReplacementAsked.IsCompleted);
        Assert.Equal(StreamHealth.Unproven, rig.Health);
        var waits = Waits(rig);
        Assert.Equal([120, 240, 480, 960, 1920, 3600], waits.Take(6).Select(wait => (int)(Math.Round(wait / 10.0) * 10)));
    }

    [Theory]
    [MemberData(nameof(Venues))]
    public void A_stream_that_speaks_again_is_left_alone_and_begins_anew_once_it_was_well_for_long(string venue)
    {
        using var rig = Start(venue);
        rig.Speaking.Remove(1);
        rig.Run(100);
        Assert.Equal(2, rig.Asked.Count);
        rig.Speaking.Add(1);
        rig.Run((int)StreamRenewal.WellAfter.TotalSeconds + 60);
        Assert.Equal(StreamHealth.Live, rig.Health);
        Assert.Equal(2, rig.Asked.Count);
        rig.Speaking.Remove(1);
        rig.Run(130);
        Assert.Equal(4, rig.Asked.Count);
        Assert.False(rig.Signals.ReplacementAsked.IsCompleted);
    }

    [Fact]
    public void A_stream_is_not_asked_for_while_its_siblings_are_silent_too()
    {
        using var rig = Start("bybit");
        rig.Speaking.Clear();
        rig.Run(50);
        Assert.Empty(rig.Asked);
        rig.Run(100);
        Assert.Empty(rig.Asked);
    }

    [Theory]
    [MemberData(nameof(Venues))]
    public void A_refused_stream_keeps_its_reason_in_state_and_note_and_is_asked_for_ever_less_often(string venue)
    {
        using var rig = new RenewalRig(venue);
        rig.Answer = frame => frame.Contains(Argument(rig, 1), StringComparison.Ordinal) ? rig.Refuses(frame, 60018, "no such thing") : rig.Accepts(frame);
        rig.Speaking.Remove(1);
        rig.Open().Run(10);
        rig.Run(2 * 3600);
        Assert.Equal(StreamHealth.Refused, rig.Health);
        Assert.Contains(rig.Report.Why, why => why.Contains($"{rig.Plan.Streams[1].WireName}: code ", StringComparison.Ordinal)
            && why.Contains("no such thing", StringComparison.Ordinal));
        var notes = rig.Rig.Stored().Select(record => record.Note).OfType<RefusedNote>().ToList();
        Assert.Contains(notes, note => note.Stream == rig.Plan.Streams[1].WireName && note.Message == "no such thing");
        Assert.All(notes, note => Assert.True(note.Stream is null || note.Stream == rig.Plan.Streams[1].WireName));
        var again = rig.Asked.Where(asked => asked.Second > 10).ToList();
        Assert.All(again, asked => Assert.Equal(Asks(rig), Shape(asked.Frame)));
        rig.Asked.RemoveAll(asked => asked.Second <= 10);
        Assert.InRange(rig.Asked[0].Second, 58, 65);
        Assert.Equal([120, 240, 480, 960, 1920], Waits(rig).Take(5).Select(wait => (int)(Math.Round(wait / 10.0) * 10)));
        Assert.Equal(rig.Plan.Refusals.Advice, rig.Rig.Log.Named("ws_refused")[0].GetProperty("advice").GetString());

        rig.Answer = rig.Accepts;
        rig.Speaking.Add(1);
        rig.Run(3600);
        Assert.Equal(StreamHealth.Live, rig.Health);
        Assert.Equal(RecorderState.Ready, rig.Report.State);
    }

    [Theory]
    [InlineData("binance", -1003, "Too many requests.")]
    [InlineData("bybit", 0, "error:Too many visits!")]
    [InlineData("okx", 60014, "Requests too frequent")]
    public void A_refusal_because_we_ask_too_often_is_waited_out_and_not_halved(string venue, long code, string words)
    {
        using var rig = new RenewalRig(venue);
        var refusals = 0;
        rig.Answer = frame => frame.Contains(Argument(rig, 0), StringComparison.Ordinal) && refusals < 3 ? Refuse(frame) : rig.Accepts(frame);
        rig.Open().Run(9);
        Assert.Empty(rig.Asked);
        rig.Run(66);
        Assert.Equal([Shape(rig.Plan.Requests[0].Frame), Shape(rig.Plan.Requests[0].Frame), Shape(rig.Plan.Requests[0].Frame)],
            rig.Asked.Select(asked => Shape(asked.Frame)));
        Assert.Equal([20, 40], Waits(rig).Select(wait => (int)(Math.Round(wait / 10.0) * 10)));
        rig.Run(300);
        Assert.Equal(3, rig.Asked.Count);
        Assert.Equal(RecorderState.Ready, rig.Report.State);

        string Refuse(string frame)
        {
            refusals++;
            return rig.Refuses(frame, code, words);
        }
    }

    [Theory]
    [MemberData(nameof(Venues))]
    public void What_is_not_answered_is_asked_for_three_times_and_then_the_state_says_so(string venue)
    {
        using var rig = new RenewalRig(venue);
        rig.Speaking.Clear();
        rig.Open().Run(25);
        // A second time as it was; the third time a request for two streams goes out in halves.
        Assert.Equal(rig.Plan.Requests.Count == 1 ? 3 : 4, rig.Asked.Count);
        Assert.Equal(StreamHealth.Waiting, rig.Health);
        rig.Run(10);
        Assert.Equal(StreamHealth.Unacknowledged, rig.Health);
        Assert.Contains(rig.Report.Why, why => why.Contains("2 of 2 streams are not acknowledged by the venue", StringComparison.Ordinal));
        Assert.Contains(rig.Rig.Log.Named("ws_unanswered"), line => line.GetProperty("streams").GetInt32() == 1);
    }

    [Fact]
    public void A_stream_that_is_subscribed_already_is_not_refused()
    {
        using var rig = new RenewalRig("bybit");
        var answers = 0;
        rig.Answer = frame => answers++ == 0 ? null : rig.Refuses(frame, 0, "error:already subscribed,topic:x");
        rig.Speaking.Clear();
        rig.Open().Run(15);
        rig.Speaking.UnionWith([0, 1]);
        rig.Run(15);
        Assert.Equal(StreamHealth.Live, rig.Health);
        Assert.Equal(RecorderState.Ready, rig.Report.State);
        var notes = rig.Rig.Stored().Select(record => record.Note).ToList();
        Assert.Equal([0, 1], notes.OfType<AcknowledgedNote>().Select(note => note.StreamFrom));
        Assert.DoesNotContain(notes, note => note is RefusedNote { Stream: not null });
    }

    [Fact]
    public void A_late_answer_is_an_answer_and_data_without_one_too()
    {
        using var rig = new RenewalRig("binance");
        rig.Speaking.Clear();
        rig.Open().Run(35);
        Assert.Equal(StreamHealth.Unacknowledged, rig.Health);
        rig.Deliver(rig.Accepts(rig.Plan.Requests[0].Frame));
        rig.Run(2);
        Assert.NotEqual(StreamHealth.Unacknowledged, rig.Health);

        using var other = new RenewalRig("binance");
        other.Open().Run(60);
        Assert.Empty(other.Asked);
        Assert.Equal(StreamHealth.Live, other.Health);
    }

    [Theory]
    [InlineData("bybit")]
    [InlineData("okx")]
    public void A_book_whose_ids_do_not_go_on_is_subscribed_again(string venue)
    {
        using var rig = Start(venue);
        rig.Speaking.Remove(1);
        Book(99, 100, isSnapshot: true);
        Book(100, 101);
        Book(101, 102);
        rig.Run(5);
        Assert.Empty(rig.Asked);
        Book(105, 106);
        rig.Run(5);
        Assert.Equal([Leaves(rig), Asks(rig)], rig.Asked.Select(asked => Shape(asked.Frame)));
        Book(106, 200, isSnapshot: true);
        Book(200, 201);
        rig.Run(20);
        Assert.Equal(2, rig.Asked.Count);

        void Book(long before, long id, bool isSnapshot = false) => rig.Deliver(venue == "bybit"
            ? $"{{\"topic\":\"orderbook.50.BTCUSDT\",\"type\":\"{(isSnapshot ? "snapshot" : "delta")}\",\"ts\":1,\"data\":{{\"s\":\"BTCUSDT\","
                + $"\"b\":[[\"1\",\"1\"]],\"a\":[],\"u\":{id},\"seq\":1}}}}"
            : $"{{\"arg\":{{\"channel\":\"books\",\"instId\":\"BTCUSDT\"}},\"action\":\"{(isSnapshot ? "snapshot" : "update")}\",\"data\":[{{"
                + $"\"asks\":[[\"1\",\"1\",\"0\",\"1\"]],\"bids\":[],\"ts\":\"1\",\"checksum\":0,"
                + $"\"prevSeqId\":{(isSnapshot ? -1 : before)},\"seqId\":{id}}}]}}");
    }

    [Theory]
    [InlineData("bybit", true)]
    [InlineData("okx", true)]
    [InlineData("binance", false)]
    public void A_book_of_which_we_dropped_changes_is_subscribed_again_where_that_brings_a_snapshot(string venue, bool brings)
    {
        using var rig = Start(venue);
        Drop(0);
        rig.Run(5);
        Assert.Empty(rig.Asked);
        Drop(1);
        rig.Run(5);
        Assert.Equal(brings ? [Leaves(rig), Asks(rig)] : [], rig.Asked.Select(asked => Shape(asked.Frame)));
        Drop(1);
        rig.Run(50);
        Assert.Equal(brings ? 2 : 0, rig.Asked.Count);
        rig.Run(20);
        Assert.Equal(brings ? 4 : 0, rig.Asked.Count);
        Assert.All(rig.Rig.Log.Named("stream_asked_again"), line => Assert.Equal("broken", line.GetProperty("reason").GetString()));

        void Drop(int place) => Assert.True(rig.Rig.Context.Queue.TryEnqueueNote(RecordKind.Note, rig.Connection, rig.Rig.Context.Clock.Current.Now,
            new DroppedNote("queue_full", 1, 0, 0, new() { [rig.Plan.Streams[place].WireName] = 1 }).ToJson()));
    }

    [Fact]
    public void After_a_step_of_the_wall_clock_connections_are_replaced_one_at_a_time()
    {
        using var rig = Start("binance");
        var first = rig.Signals;
        rig.Time.StepWall(TimeSpan.FromMilliseconds(900));
        rig.Run(5);
        Assert.False(first.ReplacementAsked.IsCompleted);
        rig.Time.StepWall(TimeSpan.FromHours(-25));
        rig.Run(3);
        Assert.True(first.ReplacementAsked.IsCompleted);
        Assert.Contains("the wall clock stepped by -90000.0 s", first.ReplaceReason, StringComparison.Ordinal);
        Replace(rig);
        rig.Run(300);
        Assert.False(rig.Signals.ReplacementAsked.IsCompleted);
        Assert.Single(rig.Rig.Log.Named("ws_replace"));
    }

    private static RenewalRig Start(string venue)
    {
        var rig = new RenewalRig(venue);
        rig.Answer = rig.Accepts;
        return rig.Open().Run(5);
    }

    /// <summary>Another connection takes over.</summary>
    private static void Replace(RenewalRig rig)
    {
        var old = rig.Connection;
        rig.Open().Run(12);
        Assert.True(rig.Signals.Proven.IsCompleted);
        rig.Rig.Disconnect(old, "rotation");
    }

    private static List<int> Waits(RenewalRig rig)
    {
        var at = rig.Asked.Where(asked => Shape(asked.Frame) != Leaves(rig)).Select(asked => asked.Second).ToList();
        return [.. at.Zip(at.Skip(1), (earlier, later) => later - earlier)];
    }

    private static string Asks(RenewalRig rig) => Shape(rig.Plan.Ask(1, [rig.Plan.Streams[1]]));

    private static string Leaves(RenewalRig rig) => Shape(rig.Plan.Leave(1, [rig.Plan.Streams[1]]));

    /// <summary>A request without its number.</summary>
    private static string Shape(string frame) => string.Concat(frame.Where(letter => !char.IsAsciiDigit(letter)));

    private static string Argument(RenewalRig rig, int place) => rig.Plan.Venue == "okx" ? $"\"{rig.Plan.Streams[place].Key.Channel}\""
        : $"\"{rig.Plan.Streams[place].WireName}\"";
}
