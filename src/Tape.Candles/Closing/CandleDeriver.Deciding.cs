using Tape.Core.Candles;
using Tape.Storage.Gaps;
using Tape.Storage.Tapes;

namespace Tape.Candles.Closing;

/// <summary>How a minute is decided.</summary>
public sealed partial class CandleDeriver
{
    private enum Cover
    {
        Whole,
        Broken,
        Doubtful,
    }

    /// <summary>Decides the next minute of a symbol.</summary>
    /// <returns>False when it must wait.</returns>
    private bool TryDecide(in TapeRecord record, SymbolMinutes symbol, long nowMs)
    {
        var openMs = symbol.NextMs;
        var minute = symbol.Find(openMs);
        var isLate = nowMs - openMs - Timeframe.MinuteMs >= WaitMax.TotalMilliseconds;
        if (minute?.Venue is { } venue)
        {
            var cover = venue.IsClosed == true ? Cover.Whole
                : venue.IsClosed == false ? Cover.Broken : CoverOf(symbol, venue.Channel, venue.UpdatedAt + 1, EndOf(openMs) + SlackNanos, needsBegin: false);
            if (cover == Cover.Doubtful && !isLate) return false;
            if (cover == Cover.Whole)
            {
                var isGood = Close(record, symbol, venue.Values, venue.FromSeq, venue.ToSeq, isRepeat: false);
                return Decided(symbol, minute, isGood ? MinuteFate.Candle : MinuteFate.Gap, venue.Channel);
            }
        }

        // Without a final candle of the venue, trades on their way are waited for.
        if (nowMs < DueMs(openMs)) return false;
        var isEmpty = false;
        for (var channel = 0; channel < symbol.Channels.Count; channel++)
        {
            var cover = CoverOf(symbol, channel, (openMs * UnixNanos.PerMillisecond) - SlackNanos, EndOf(openMs) + SlackNanos, needsBegin: true);
            if (cover == Cover.Doubtful && !isLate) return false;
            if (cover != Cover.Whole) continue;
            if (minute?.TradesOf(channel) is { FromSeq: not Absent.Integer } trades) return DecideByTrades(record, symbol, minute, trades);
            isEmpty |= symbol.Channels[channel].ProvesEmpty && (minute is null || (minute.Venue is null && minute.Trades.Count == 0));
        }

        if (isEmpty)
        {
            _batch.Empty.Add(new EmptyMinute(symbol.Venue, symbol.Symbol, openMs));
            return Decided(symbol, minute ?? symbol.Get(openMs), MinuteFate.Empty, -1);
        }

        if (minute is not null) TellPartial(record, symbol, minute);
        return Decided(symbol, minute, MinuteFate.Gap, -1);
    }

    private bool DecideByTrades(in TapeRecord record, SymbolMinutes symbol, OpenMinute minute, TradeMinute trades)
    {
        if (_units(symbol.Venue, symbol.Symbol) is not { } unit)
        {
            var unknown = trades.Make(minute.OpenMs, 1, out _) with { Volume = Absent.Number, QuoteVolume = Absent.Number };
            Tell(record, symbol, FindingKind.Reject, CandleRules.UnitUnknown, unknown, trades.FromSeq, trades.ToSeq);
            return Decided(symbol, minute, MinuteFate.Gap, -1);
        }

        var values = trades.Make(minute.OpenMs, unit, out var broken);
        if (broken is not null) Tell(record, symbol, FindingKind.Reject, broken, values, trades.FromSeq, trades.ToSeq);
        var isGood = broken is null && Close(record, symbol, values, trades.FromSeq, trades.ToSeq, isRepeat: false);
        return Decided(symbol, minute, isGood ? MinuteFate.Candle : MinuteFate.Gap, trades.Channel);
    }

    private bool Close(in TapeRecord record, SymbolMinutes symbol, in Candle values, long fromSeq, long toSeq, bool isRepeat)
    {
        var candle = Live(symbol, values, record.Time.Value / UnixNanos.PerMillisecond);
        var rule = CandleRules.BrokenBy(candle);
        if (rule is not null) Tell(record, symbol, FindingKind.Reject, rule, values, fromSeq, toSeq);
        else _batch.Closed.Add(new ClosedCandle(candle, fromSeq, toSeq, record.Seq) { IsRepeat = isRepeat });
        return rule is null;
    }

    private void TellPartial(in TapeRecord record, SymbolMinutes symbol, OpenMinute minute)
    {
        var trades = minute.Trades.Find(trades => trades.FromSeq != Absent.Integer);
        if (trades is not null)
            Tell(record, symbol, FindingKind.Partial, CandleRules.NotCovered, trades.Make(minute.OpenMs, _units(symbol.Venue, symbol.Symbol) ?? Absent.Number,
                out _), trades.FromSeq, trades.ToSeq);
        else if (minute.Venue is { } venue)
            Tell(record, symbol, FindingKind.Partial, CandleRules.NotCovered, venue.Values, venue.FromSeq, venue.ToSeq);
    }

    private static bool Decided(SymbolMinutes symbol, OpenMinute? minute, MinuteFate fate, int from)
    {
        if (minute is not null) (minute.Fate, minute.From) = (fate, from);
        symbol.DecidedMs = symbol.NextMs;
        var forget = symbol.DecidedMs - (long)Remembers.TotalMilliseconds;
        symbol.Minutes.RemoveAll(old => old.OpenMs < forget);
        foreach (var old in symbol.Minutes)
            if (old.OpenMs < symbol.DecidedMs - Timeframe.MinuteMs)
                foreach (var trades in old.Trades) trades.Seen.ForgetHashes();
        foreach (var channel in symbol.Channels) channel.Broken.RemoveAll(span => span[1] < forget * UnixNanos.PerMillisecond);
        return true;
    }

    private static long EndOf(long openMs) => (openMs + Timeframe.MinuteMs) * UnixNanos.PerMillisecond;

    /// <summary>Whether a channel was received over a time, as far as is known now.</summary>
    private Cover CoverOf(SymbolMinutes symbol, int channel, long from, long to, bool needsBegin)
    {
        var state = symbol.Channels[channel];
        if (state.IsBroken(from, to)) return Cover.Broken;
        var doubt = _gaps.DoubtOf(state.Key);
        if (needsBegin && (doubt.BegunAt == Absent.Integer || doubt.BegunAt > from)) return Cover.Broken;
        return doubt.From != Absent.Integer && doubt.From <= to ? Cover.Doubtful : Cover.Whole;
    }

    /// <summary>Takes in what the gap tracker established since the last time.</summary>
    private void TakeGaps(long atSeq)
    {
        for (; _gapsSeen < _gaps.Entries.Count; _gapsSeen++)
        {
            var entry = _gaps.Entries[_gapsSeen];
            if (entry.Repaired || entry.IsOpen) continue;
            var key = _gaps.KeyOf(entry.Stream);
            if (key.Channel.Length > 0)
            {
                if (_byStream.TryGetValue(key, out var places))
                    foreach (var (symbol, channel) in places) Break(symbol, channel, entry, atSeq);
                continue;
            }

            // Of what could not be told: any stream of the venue.
            foreach (var symbol in _symbols)
                for (var channel = 0; channel < symbol.Channels.Count && symbol.Venue == key.Venue; channel++) Break(symbol, channel, entry, atSeq);
        }
    }

    private void Break(SymbolMinutes symbol, int channel, in GapEntry gap, long atSeq)
    {
        symbol.Channels[channel].Broken.Add([gap.From, gap.To]);
        foreach (var minute in symbol.Minutes)
        {
            var isBroken = gap.From <= EndOf(minute.OpenMs) + SlackNanos && gap.To >= (minute.OpenMs * UnixNanos.PerMillisecond) - SlackNanos;
            if (!isBroken || minute.Fate is MinuteFate.Open or MinuteFate.Gap || (minute.Fate == MinuteFate.Candle && minute.From != channel)) continue;
            if (minute.Fate == MinuteFate.Candle && minute.Venue?.Channel == channel) continue;
            Withdraw(symbol, minute, atSeq);
        }
    }

    private void Withdraw(SymbolMinutes symbol, OpenMinute minute, long atSeq)
    {
        _batch.Withdrawn.Add(new EmptyMinute(symbol.Venue, symbol.Symbol, minute.OpenMs));
        if (minute.Fate == MinuteFate.Candle && minute.TradesOf(minute.From) is { } trades)
        {
            var values = trades.Make(minute.OpenMs, _units(symbol.Venue, symbol.Symbol) ?? Absent.Number, out _);
            _batch.Findings.Add(new CandleFinding(FindingKind.Withdrawn, CandleRules.NotCovered, Live(symbol, values, Absent.Integer), trades.FromSeq,
                trades.ToSeq, atSeq));
        }

        minute.Fate = MinuteFate.Gap;
    }
}
