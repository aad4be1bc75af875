using System.Text;
using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Derive.Decoding;
using Tape.Derive.Rows;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Tapes;

namespace Tape.Derive.Tests.Rows;

/// <summary>What frames and notes become, case by case.</summary>
public sealed class RowDeriverTests
{
    private const string Trade = """{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1763769570001,"a":7,"s":"BTCUSDT","p":"84551.10","q":"0.004","nq":"0.004","f":11,"l":12,"T":1763769570000,"m":true,"st":1}}""";

    /// <summary>Golden: the state as version 1 writes it into the seal log.</summary>
    private const string GoldenState = """{"connections":[{"connection":4,"venue":"binance","streams":[{"channel":"aggTrade","symbol":"BTCUSDT","wire":"btcusdt@aggTrade"}]},{"connection":9,"venue":"nowhere","streams":[{"channel":"aggTrade","symbol":"BTCUSDT","wire":"btcusdt@aggTrade"}]}]}""";

    private readonly RowDeriver _deriver = new(DerivationState.Start, Support.Venue);
    private long _seq;

    [Fact]
    public void The_state_is_written_as_described_and_read_again()
    {
        Connect(9, "nowhere");
        Connect(4, "binance");
        Assert.Equal(GoldenState, _deriver.State.ToJson());
        Assert.Equal(GoldenState, DerivationState.Parse(GoldenState).ToJson());
    }

    [Fact]
    public void A_state_that_is_no_JSON_is_damage() =>
        Assert.Throws<DamagedException>(() => DerivationState.Parse("{\"connections\":[{"));

    [Fact]
    public void A_frame_of_an_open_connection_becomes_rows_with_its_place_on_the_tape()
    {
        Connect(4, "binance");
        Frame(4, Trade, at: 555);
        var trades = _deriver.Rows[RawSchema.Trades];
        Assert.Equal(1, trades.Count);
        Assert.Equal([555L, 4L, 1L, 0L], [trades.Integer(2, 0)!.Value, trades.Integer(5, 0)!.Value, trades.Integer(6, 0)!.Value, trades.Integer(7, 0)!.Value]);
        Assert.Equal("binance", trades.Text(3, 0));
        Assert.Equal("sell", trades.Text(10, 0));
    }

    [Fact]
    public void A_frame_before_its_connected_note_is_undecodable_and_kept_as_a_fault()
    {
        Frame(4, Trade);
        Connect(4, "binance");
        Frame(4, Trade);
        Assert.Equal(1, _deriver.Rows.Rows);
        Assert.Equal(new UndecodableFrame(0, 4, "connection 4 is not known"), Assert.Single(_deriver.Faults));
    }

    [Fact]
    public void A_frame_after_its_disconnected_note_is_undecodable()
    {
        Connect(4, "binance");
        Take(RecordKind.Note, 4, new DisconnectedNote("venue_closed", "", 0, 0).ToJson());
        Frame(4, Trade);
        Assert.Equal((0, 1L), (_deriver.Rows.Rows, _deriver.Undecodable));
    }

    [Fact]
    public void A_new_run_closes_the_connections_of_a_crashed_one()
    {
        Connect(4, "binance");
        Take(RecordKind.Note, 0, new StartedNote("tape", 1, ["binance"]).ToJson());
        Assert.Empty(_deriver.State.Connections);
        Frame(4, Trade);
        Assert.Equal(1, _deriver.Undecodable);
    }

    [Fact]
    public void Frames_of_a_venue_that_this_program_does_not_know_are_counted_and_named()
    {
        Connect(9, "nowhere");
        Frame(9, Trade);
        Assert.Equal("venue 'nowhere' is not known to this program", Assert.Single(_deriver.Faults).Reason);
        Assert.Empty(_deriver.Streams);
    }

    [Fact]
    public void Only_the_first_faults_are_named_and_all_are_counted()
    {
        Connect(4, "binance");
        for (var i = 0; i < RowDeriver.FaultsNamedMax + 20; i++) Frame(4, "{");
        Assert.Equal((RowDeriver.FaultsNamedMax, RowDeriver.FaultsNamedMax + 20L), (_deriver.Faults.Count, _deriver.Undecodable));
        _deriver.Clear();
        Assert.Equal((0, 0L, 0L), (_deriver.Faults.Count, _deriver.Undecodable, _deriver.Frames));
    }

    [Fact]
    public void Streams_are_tallied_by_what_was_asked_for_and_drops_stand_beside_them()
    {
        Connect(4, "binance");
        Frame(4, Trade, at: 2000);
        Frame(4, Trade, at: 1000);
        Take(RecordKind.Note, 4, new DroppedNote("queue_full", 5, 0, 0, new() { ["btcusdt@aggTrade"] = 3, ["other@depth"] = 2 }).ToJson());
        Assert.Equal(
            [new("binance", "aggTrade", "BTCUSDT", 2, 2, 1000, 2000, 3), new StreamStatistics("binance", "other@depth", "", 0, 0, null, null, 2)],
            _deriver.Statistics());
    }

    [Fact]
    public void After_a_range_tallies_begin_anew_and_connections_go_on()
    {
        Connect(4, "binance");
        Frame(4, Trade);
        _deriver.Clear();
        Frame(4, Trade);
        Assert.Equal(1, Assert.Single(_deriver.Streams).Frames);
        Assert.Equal(1, _deriver.Rows.Rows);
    }

    private void Connect(long connection, string venue) =>
        Take(RecordKind.Note, connection,
            new ConnectedNote(venue, "market", 0, "ws://x", "127.0.0.1:1", [new NotedStream("aggTrade", "BTCUSDT", "btcusdt@aggTrade")]).ToJson());

    private void Frame(long connection, string text, long at = 1) => Take(RecordKind.Frame, connection, Encoding.UTF8.GetBytes(text), at);

    private void Take(RecordKind kind, long connection, byte[] payload, long at = 1) =>
        _deriver.Take(new ScriptedRecord(kind, connection, new UnixNanos(at), payload).At(_seq++));
}
