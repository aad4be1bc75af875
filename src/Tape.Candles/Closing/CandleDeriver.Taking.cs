using Tape.Core.Candles;
using Tape.Storage.Tapes;

namespace Tape.Candles.Closing;

/// <summary>How trades and candles enter their minutes.</summary>
public sealed partial class CandleDeriver
{
    private void Take(in TapeRecord record, SymbolMinutes symbol, StreamKey stream, EventBuffer events, in TradeEvent trade)
    {
        var openMs = Timeframe.Minute.OpenOf(trade.Head.EventTime / UnixNanos.PerMillisecond);
        var channel = ChannelOf(symbol, stream);
        symbol.Channels[channel].ProvesEmpty = true;
        var id = events.Text(trade.TradeId);
        if (openMs <= symbol.DecidedMs)
        {
            if (symbol.Find(openMs)?.TradesOf(channel)?.Seen.Has(id) != true) TellLate(record, symbol, openMs, trade);
            return;
        }

        if (IsAhead(record, openMs))
        {
            Tell(record, symbol, FindingKind.Reject, CandleRules.OpenTimeInFuture, OfTrade(openMs, trade));
            return;
        }

        var trades = symbol.TradesOf(symbol.Get(openMs), channel);
        if (trades.Seen.Add(id)) trades.Add(trade, record.Seq);
    }

    private void Take(in TapeRecord record, SymbolMinutes symbol, StreamKey stream, in CandleEvent sent)
    {
        var values = VenueMinute.Read(sent);
        var openMs = values.OpenTimeMs;
        var channel = ChannelOf(symbol, stream);
        if (!Timeframe.Minute.IsAligned(openMs) || IsAhead(record, openMs))
        {
            var rule = Timeframe.Minute.IsAligned(openMs) ? CandleRules.OpenTimeInFuture : CandleRules.OpenTimeNotAligned;
            Tell(record, symbol, FindingKind.Reject, rule, values);
            return;
        }

        if (openMs <= symbol.DecidedMs)
        {
            // One that is not final says nothing about a minute that is over.
            if (sent.IsClosed == true) Close(record, symbol, values, record.Seq, record.Seq, isRepeat: true);
            return;
        }

        var minute = symbol.Get(openMs);
        // Venues that mark no candle as final send none for a minute without a trade.
        if (sent.IsClosed is null) symbol.Channels[channel].ProvesEmpty = true;
        minute.Venue ??= new VenueMinute { Channel = channel, FromSeq = record.Seq };
        (minute.Venue.Values, minute.Venue.IsClosed, minute.Venue.UpdatedAt, minute.Venue.ToSeq) = (values, sent.IsClosed, record.Time.Value, record.Seq);
        if (sent.IsClosed == false) return;
        if (sent.IsClosed == true) DecideThrough(record, symbol, openMs);
        // A venue that marks no candle as final ends each by the next.
        else if (openMs > symbol.NextMs) DecideThrough(record, symbol, openMs - Timeframe.MinuteMs);
    }

    /// <summary>
    /// A candle that is final is decided at once, and then those before it have had their time: what is left of them is decided with what is known.
    /// </summary>
    private void DecideThrough(in TapeRecord record, SymbolMinutes symbol, long openMs)
    {
        // Far behind, ticks do it: they come each second.
        if (openMs - symbol.DecidedMs > Remembers.TotalMilliseconds) return;
        while (symbol.DecidedMs < openMs)
            if (!TryDecide(record, symbol, record.Time.Value / UnixNanos.PerMillisecond)) return;
    }

    /// <summary>Whether a minute opens later than a record can tell of it, clocks apart.</summary>
    private static bool IsAhead(in TapeRecord record, long openMs) => openMs > (record.Time.Value / UnixNanos.PerMillisecond) + Timeframe.MinuteMs;

    /// <summary>Told once a minute: others of it would say the same.</summary>
    private void TellLate(in TapeRecord record, SymbolMinutes symbol, long openMs, in TradeEvent trade)
    {
        if (symbol.LateToldMs == openMs) return;
        symbol.LateToldMs = openMs;
        Tell(record, symbol, FindingKind.Reject, CandleRules.LateTrade, OfTrade(openMs, trade));
    }

    private static Candle OfTrade(long openMs, in TradeEvent trade) => new()
    {
        OpenTimeMs = openMs,
        Open = trade.Price,
        High = trade.Price,
        Low = trade.Price,
        Close = trade.Price,
        Volume = trade.Quantity,
        TradesCount = 1,
    };

    private void Tell(in TapeRecord record, SymbolMinutes symbol, FindingKind kind, string rule, in Candle values) =>
        Tell(record, symbol, kind, rule, values, record.Seq, record.Seq);

    private void Tell(in TapeRecord record, SymbolMinutes symbol, FindingKind kind, string rule, in Candle values, long fromSeq, long toSeq) =>
        _batch.Findings.Add(new CandleFinding(kind, rule, Live(symbol, values, record.Time.Value / UnixNanos.PerMillisecond), fromSeq, toSeq, record.Seq));

    private static StoredCandle Live(SymbolMinutes symbol, in Candle values, long knownMs) =>
        StoredCandle.Of(symbol.Venue, symbol.Symbol, Timeframe.Minute, values, CandleSource.WebSocket, knownMs);
}
