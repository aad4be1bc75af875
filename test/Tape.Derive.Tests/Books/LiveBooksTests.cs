using System.Text;
using Tape.Core.Values;
using Tape.Derive.Activity;
using Tape.Derive.Books;
using Tape.Derive.Decoding;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.Venues;
using Tape.Venues.Books;

namespace Tape.Derive.Tests.Books;

/// <summary>Books over connections that come and go. Numbers in the tests are update ids; a change (from, to) follows on from.</summary>
public sealed class LiveBooksTests
{
    private static readonly StreamKey Depth = new("binance", "depth@100ms", "BTCUSDT");

    private readonly LiveBooks _books = new(VenueCatalog.Find);
    private readonly RecentActivity _activity;
    private long _seq;
    private long _second;

    public LiveBooksTests() => _activity = new RecentActivity(DerivationState.Start, VenueCatalog.Find, _books);

    private BookStatus Book => _books.StandingOf(Depth)!;

    [Fact]
    public void It_waits_until_an_answer_lies_within_what_is_received()
    {
        Connect(1);
        Assert.Equal((BookState.Waiting, "nothing received yet"), (Book.State, Book.Why));
        Assert.Empty(_books.Unaligned("binance"));
        Change(1, 100, 110);
        var question = Assert.Single(_books.Unaligned("binance"));
        _books.Answered(question, 99);
        Assert.Contains("the answer is of update 99, older than what is received", Book.Why, StringComparison.Ordinal);
        _books.Answered(Assert.Single(_books.Unaligned("binance")), 115);
        Assert.Contains("REST has update 115, not received yet", Book.Why, StringComparison.Ordinal);
        Assert.Empty(_books.Unaligned("binance"));
        Change(1, 110, 120);
        Assert.Equal((BookState.Aligned, 120, null), (Book.State, Book.UpdateId, Book.Why));
        Assert.Equal(At(_second), Book.Since);
    }

    [Fact]
    public void A_hole_breaks_it_until_the_venue_answers_with_something_newer()
    {
        Align();
        Change(1, 130, 140);
        Assert.Equal((BookState.Broken, At(_second)), (Book.State, Book.Since));
        Assert.Contains("a change that follows update 130 came, expected one that follows 120", Book.Why, StringComparison.Ordinal);
        _books.Failed(Assert.Single(_books.Unaligned("binance")), "it does not answer");
        Assert.EndsWith("REST: it does not answer", Book.Why, StringComparison.Ordinal);
        _books.Answered(Assert.Single(_books.Unaligned("binance")), 135);
        Assert.Equal((BookState.Aligned, 140), (Book.State, Book.UpdateId));
    }

    [Fact]
    public void A_reconnect_without_a_hole_needs_no_question()
    {
        Align();
        Disconnect(1);
        Assert.Equal((BookState.Waiting, "no connection carries it"), (Book.State, Book.Why));
        Connect(2);
        Change(2, 120, 125);
        Assert.Equal(BookState.Aligned, Book.State);
    }

    [Fact]
    public void A_reconnect_over_a_hole_waits_and_is_asked_for()
    {
        Align();
        Disconnect(1);
        Connect(2);
        Change(2, 121, 125);
        Assert.Equal(BookState.Waiting, Book.State);
        Assert.Single(_books.Unaligned("binance"));
    }

    [Fact]
    public void At_a_rotation_the_successor_goes_on_from_the_book_of_the_one_before()
    {
        Align();
        var since = Book.Since;
        Connect(2);
        Change(2, 120, 130);
        Change(1, 120, 130);
        Disconnect(1);
        Change(2, 130, 140);
        Assert.Equal((BookState.Aligned, 140, since), (Book.State, Book.UpdateId, Book.Since));
        Assert.Empty(_books.Unaligned("binance"));
    }

    [Fact]
    public void An_answer_to_a_question_of_another_connection_is_passed_over()
    {
        Connect(1);
        Change(1, 100, 110);
        var question = Assert.Single(_books.Unaligned("binance"));
        Disconnect(1);
        Connect(2);
        Change(2, 100, 110);
        _books.Answered(question, 105);
        _books.Failed(question, "too late");
        Assert.Equal(BookState.Waiting, Book.State);
        Assert.DoesNotContain("too late", Book.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_that_is_never_reached_is_given_up_after_a_minute()
    {
        Connect(1);
        Change(1, 100, 110);
        _books.Answered(Assert.Single(_books.Unaligned("binance")), long.MaxValue);
        _second += 61;
        Change(1, 110, 120);
        Assert.Contains("not reached within a minute", Book.Why, StringComparison.Ordinal);
        Assert.Single(_books.Unaligned("binance"));
    }

    [Fact]
    public void A_frame_that_cannot_be_decoded_shows_as_a_hole_by_the_next_one()
    {
        Align();
        Take(RecordKind.Frame, 1, """{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":12"""u8.ToArray());
        Assert.Equal(BookState.Aligned, Book.State);
        Change(1, 130, 140);
        Assert.Equal(BookState.Broken, Book.State);
    }

    [Fact]
    public void A_new_run_of_the_recorder_begins_with_no_connection()
    {
        Align();
        Take(RecordKind.Note, 0, new StartedNote("test", 2, ["binance"]).ToJson());
        Assert.Equal("no connection carries it", Book.Why);
    }

    [Fact]
    public void Full_pictures_are_aligned_from_the_first_on_and_streams_without_a_book_tell_nothing()
    {
        var (best, trades) = (new StreamKey("bybit", "orderbook.1", "BTCUSDT"), new StreamKey("bybit", "publicTrade", "BTCUSDT"));
        Take(RecordKind.Note, 5, new ConnectedNote("bybit", "linear", 0, "ws://test", "",
            [new("orderbook.1", "BTCUSDT", "orderbook.1.BTCUSDT"), new("publicTrade", "BTCUSDT", "publicTrade.BTCUSDT")]).ToJson());
        Assert.Equal(BookState.Waiting, _books.StandingOf(best)!.State);
        Take(RecordKind.Frame, 5, """{"topic":"orderbook.1.BTCUSDT","ts":1,"type":"snapshot","data":{"s":"BTCUSDT","b":[],"a":[],"u":5,"seq":7},"cts":1}"""u8.ToArray());
        Assert.Equal(BookState.Aligned, _books.StandingOf(best)!.State);
        Assert.Null(_books.StandingOf(trades));
        Assert.Empty(_books.Unaligned("bybit"));
        Assert.Equal(BookState.Aligned, _activity.Snapshot().Streams.Single(stream => stream.Key == best).Book!.State);
    }

    [Fact]
    public void Begun_in_the_middle_of_a_recording_it_does_not_claim_to_know_since_when()
    {
        var state = new DerivationState([new OpenConnection(1, "binance", [new NotedStream("depth@100ms", "BTCUSDT", "btcusdt@depth@100ms")])]);
        var books = new LiveBooks(VenueCatalog.Find);
        _ = new RecentActivity(state, VenueCatalog.Find, books);
        Assert.Equal((BookState.Waiting, null), (books.StandingOf(Depth)!.State, books.StandingOf(Depth)!.Since));
    }

    /// <summary>On connection 1, up to update 120.</summary>
    private void Align()
    {
        Connect(1);
        Change(1, 100, 110);
        _books.Answered(Assert.Single(_books.Unaligned("binance")), 105);
        Change(1, 110, 120);
        Assert.Equal(BookState.Aligned, Book.State);
    }

    private void Connect(long connection) =>
        Take(RecordKind.Note, connection,
            new ConnectedNote("binance", "public", 0, "ws://test", "", [new("depth@100ms", "BTCUSDT", "btcusdt@depth@100ms")]).ToJson());

    private void Disconnect(long connection) => Take(RecordKind.Note, connection, new DisconnectedNote("connection_lost", "", 0, 0).ToJson());

    private void Change(long connection, long previous, long last) => Take(
        RecordKind.Frame, connection,
        Encoding.ASCII.GetBytes($$$"""{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":2,"T":1,"s":"BTCUSDT","U":{{{previous + 1}}},"u":{{{last}}},"pu":{{{previous}}},"b":[["1","2"]],"a":[]}}"""));

    private void Take(RecordKind kind, long connection, byte[] payload) => _activity.Take(new TapeRecord(_seq++, kind, connection, At(++_second), payload));

    private static UnixNanos At(long second) => new((1_795_000_000 + second) * UnixNanos.PerSecond);
}
