using System.Text;
using Tape.Core.Events;
using Tape.Venues.Books;
using Tape.Venues.Contract;
using Tape.Venues.Sequences;

namespace Tape.Venues.Tests.Books;

/// <summary>The venues' own rules for keeping a book, on frames as they send them.</summary>
public sealed class BookTrackerTests
{
    private const string Binance = "depth@100ms", Bybit = "orderbook.50", Okx = "books";

    private readonly EventBuffer _events = new();

    [Fact]
    public void Binance_waits_for_a_picture_as_of_one_of_the_changes_received_and_then_each_pu_must_be_the_u_before()
    {
        var tracker = Of("binance", Binance);
        Assert.Equal(BookStep.First, Take(tracker, "binance", Depth(157, 160, 149)));
        Assert.False(tracker.TryAlign(148), "older than the change that the first one follows: ask again");
        Assert.True(tracker.IsTooOld(148));
        Assert.False(tracker.TryAlign(161), "newer than what is received: wait");
        Assert.False(tracker.IsTooOld(161));
        Assert.Equal(BookStep.Followed, Take(tracker, "binance", Depth(163, 170, 160)));
        Assert.True(tracker.TryAlign(161));
        Assert.Equal(BookStep.Followed, Take(tracker, "binance", Depth(171, 172, 170)));
        Assert.True(tracker.IsAligned);
        Assert.Equal(BookStep.Broke, Take(tracker, "binance", Depth(180, 185, 179)));
        Assert.Equal((172, 179), tracker.Break);
        Assert.False(tracker.TryAlign(172), "the picture of before the hole does not help");
        Assert.True(tracker.TryAlign(185));
        Assert.Null(tracker.Break);
    }

    [Theory]
    [InlineData(149, true)]
    [InlineData(156, true)]
    [InlineData(157, true)]
    [InlineData(160, true)]
    [InlineData(148, false)]
    [InlineData(161, false)]
    public void A_picture_fits_from_the_change_before_the_first_one_up_to_the_last_one(long id, bool fits)
    {
        var tracker = Of("binance", Binance);
        Take(tracker, "binance", Depth(157, 160, 149));
        Assert.Equal(fits, tracker.TryAlign(id));
    }

    [Fact]
    public void A_change_that_came_before_is_passed_over_and_several_in_a_row_are_not()
    {
        var tracker = Of("binance", Binance);
        Take(tracker, "binance", Depth(101, 110, 100));
        Assert.True(tracker.TryAlign(105));
        Take(tracker, "binance", Depth(111, 120, 110));
        for (var again = 1; again < BookTracker.RepeatedMax; again++) Assert.Equal(BookStep.Repeated, Take(tracker, "binance", Depth(101, 110, 100)));
        Assert.Equal((true, 120), (tracker.IsAligned, tracker.Last));
        Assert.Equal(BookStep.Broke, Take(tracker, "binance", Depth(31, 40, 30)));
        Assert.False(tracker.IsAligned);
        Assert.Equal(40, tracker.Last);
    }

    [Fact]
    public void A_change_that_overlaps_with_the_one_before_breaks_the_chain_as_pu_is_another()
    {
        var tracker = Of("binance", Binance);
        Take(tracker, "binance", Depth(101, 110, 100));
        Assert.True(tracker.TryAlign(105));
        Assert.Equal(BookStep.Broke, Take(tracker, "binance", Depth(106, 115, 105)));
        Assert.Equal((110, 105), tracker.Break);
    }

    [Fact]
    public void Bybit_begins_with_its_snapshot_and_rises_by_one_until_the_next()
    {
        var tracker = Of("bybit", Bybit);
        Assert.Equal(BookStep.First, Take(tracker, "bybit", Orderbook("delta", 7)));
        Assert.False(tracker.IsAligned);
        Assert.Equal(BookStep.FromSnapshot, Take(tracker, "bybit", Orderbook("snapshot", 100)));
        Assert.Equal(BookStep.Followed, Take(tracker, "bybit", Orderbook("delta", 101)));
        Assert.True(tracker.IsAligned);
        Assert.Equal(BookStep.Broke, Take(tracker, "bybit", Orderbook("delta", 103)));
        Assert.Equal((101, 102), tracker.Break);
        Assert.Equal(BookStep.FromSnapshot, Take(tracker, "bybit", Orderbook("snapshot", 110)));
        Assert.True(tracker.IsAligned);
    }

    [Fact]
    public void Bybits_update_1_is_a_restart_of_its_service_whatever_the_frame_calls_itself()
    {
        var tracker = Of("bybit", Bybit);
        Take(tracker, "bybit", Orderbook("snapshot", 100));
        Assert.Equal(BookStep.FromSnapshot, Take(tracker, "bybit", Orderbook("delta", 1)));
        Assert.Equal(BookStep.Followed, Take(tracker, "bybit", Orderbook("delta", 2)));
        Assert.Equal((true, 1), (tracker.IsAligned, tracker.KnownFrom));
    }

    [Fact]
    public void Okx_goes_on_over_signs_of_life_and_over_a_reset_that_follows_on_the_last_change()
    {
        var tracker = Of("okx", Okx);
        Assert.Equal(BookStep.FromSnapshot, Take(tracker, "okx", Books("snapshot", -1, 123456)));
        Assert.Equal(BookStep.Followed, Take(tracker, "okx", Books("update", 123456, 123457)));
        Assert.Equal(BookStep.Followed, Take(tracker, "okx", Books("update", 123457, 123457, levels: "")));
        Assert.Equal(BookStep.Renumbered, Take(tracker, "okx", Books("update", 123457, 3)));
        Assert.Equal(BookStep.Followed, Take(tracker, "okx", Books("update", 3, 9)));
        Assert.Equal((true, 9, 3), (tracker.IsAligned, tracker.Last, tracker.KnownFrom));
        Assert.Equal(BookStep.Broke, Take(tracker, "okx", Books("update", 10, 11)));
        Assert.Equal((9, 10), tracker.Break);
    }

    [Fact]
    public void Okx_without_a_snapshot_takes_one_over_REST_that_lies_between_prevSeqId_and_seqId()
    {
        var tracker = Of("okx", Okx);
        Assert.Equal(BookStep.First, Take(tracker, "okx", Books("update", 50, 60)));
        Assert.True(tracker.IsTooOld(49));
        Assert.True(tracker.TryAlign(50));
    }

    [Fact]
    public void Ids_from_before_a_reset_say_nothing_behind_it()
    {
        var tracker = Of("okx", Okx);
        Take(tracker, "okx", Books("update", 50, 60));
        Take(tracker, "okx", Books("update", 60, 5));
        Assert.False(tracker.TryAlign(55));
        Assert.False(tracker.TryAlign(4));
        Assert.True(tracker.TryAlign(5));
    }

    private static BookTracker Of(string venue, string channel) => new(VenueCatalog.Find(venue)!.SequenceOf(channel).Kind);

    private BookStep Take(BookTracker tracker, string venue, string frame)
    {
        Assert.Equal(FrameOutcome.Events, VenueCatalog.Find(venue)!.CreateDecoder().Decode(Encoding.ASCII.GetBytes(frame), _events));
        var kind = venue == "bybit" ? SequenceKind.BookUpdates : SequenceKind.BookChain;
        Assert.True(IdSpan.TryRead(kind, _events, 0, out var span));
        return tracker.Take(span);
    }

    private static string Depth(long first, long last, long previous) =>
        $$$"""{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":123456789,"T":123456788,"s":"BTCUSDT","U":{{{first}}},"u":{{{last}}},"pu":{{{previous}}},"b":[["0.0024","10"]],"a":[["0.0026","100"]]}}""";

    private static string Orderbook(string type, long id) =>
        $$$"""{"topic":"orderbook.50.BTCUSDT","type":"{{{type}}}","ts":1672304484978,"data":{"s":"BTCUSDT","b":[["16493.50","0.006"]],"a":[["16611.00","0.029"]],"u":{{{id}}},"seq":7961638724},"cts":1672304484976}""";

    private static string Books(string action, long previous, long id, string levels = """["8476.98","415","0","13"]""") =>
        $$$"""{"arg":{"channel":"books","instId":"BTC-USDT-SWAP"},"action":"{{{action}}}","data":[{"asks":[{{{levels}}}],"bids":[],"ts":"1597026383085","checksum":0,"prevSeqId":{{{previous}}},"seqId":{{{id}}}}]}""";
}
