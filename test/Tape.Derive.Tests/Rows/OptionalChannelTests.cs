using Tape.Core.Values;
using Tape.Derive.Decoding;
using Tape.Derive.Rows;
using Tape.Simulator.Binance;
using Tape.Simulator.Market;
using Tape.Storage.Schema;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.Venues.Binance;
using Tape.Venues.Contract;

namespace Tape.Derive.Tests.Rows;

/// <summary>Channels that are recorded only when asked for, as the plan asks and the simulator answers.</summary>
public sealed class OptionalChannelTests
{
    [Theory]
    [InlineData(RowRules.Current)]
    [InlineData(RowRules.First)]
    public void Single_trades_and_candles_become_rows_and_by_the_first_rules_candles_became_none(RowRules rules)
    {
        string[] channels = ["trade", "kline_1m"];
        var plans = new BinanceVenue().Plan(new SubscriptionRequest(["BTCUSDT"], channels));
        NotedStream[] streams = [.. plans.SelectMany(plan => plan.Streams)
            .Select(stream => new NotedStream(stream.Key.Channel, stream.Key.Symbol, stream.WireName))];
        var deriver = RowDeriver.From(DerivationState.Start);
        deriver.Rules = rules;
        deriver.Take(new TapeRecord(0, RecordKind.Note, 1, Support.BeforeMidnight,
            new ConnectedNote("binance", "public", 0, "ws://test", "127.0.0.1:1", streams).ToJson()));
        var frames = SyntheticFrames.Make(SymbolSpec.Named(["BTCUSDT"]), channels, 200, 50, 3, Support.BeforeMidnight);
        for (var number = 0; number < frames.Count; number++)
            deriver.Take(new TapeRecord(number + 1, RecordKind.Frame, 1, new UnixNanos(Support.BeforeMidnight.Value + number), frames[number].Payload));

        var candles = frames.Count(frame => frame.Stream == "btcusdt@kline_1m");
        Assert.InRange(candles, 1, frames.Count - 1);
        Assert.Equal((0L, (long)frames.Count), (deriver.Undecodable, deriver.Frames));
        Assert.Equal(frames.Count - candles, deriver.Rows[RawSchema.Trades].Count);
        var rows = rules == RowRules.Current ? candles : 0;
        Assert.Equal((rows, frames.Count - candles + rows), (deriver.Rows[RawSchema.VenueCandles].Count, deriver.Rows.Rows));
        Assert.Equal((candles, (long)rows),
            deriver.Streams.Where(stream => stream.Key.Channel == "kline_1m").Select(stream => ((int)stream.Frames, stream.Rows))
            .Single());
    }
}
