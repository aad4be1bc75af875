using System.Text;
using Tape.Core.Events;
using Tape.Core.Values;
using Tape.Storage.Schema;
using Tape.Storage.Tapes.Notes;
using Tape.Tables.Rows;

namespace Tape.TestKit.Tables;

/// <summary>
/// Frames with events of all RAW tables, made from a seed: absent values, extreme numbers, non-ASCII symbols, texts of every length about the limits of their
/// storage.
/// </summary>
public sealed class RandomRows(int seed)
{
    private static readonly string[] Symbols = ["BTCUSDT", "ETH-USDT-SWAP", "币安人生USDT", "1000PEPE-USDT-PERP-LONG-NAME", "a", "b\"quote'", "é,;\n"];
    private static readonly double[] Numbers = [0, -0.0, 1, 0.1, 65_000.1, double.MaxValue, double.Epsilon, -1e-300, 1e15 + 0.5, 123456789.987654321];
    private static readonly long[] Integers = [0, 1, -1, long.MaxValue, long.MinValue + 1, 9_007_199_254_740_993];
    private readonly Random _random = new(seed);

    /// <summary>Notes of the recorder have dice of their own, so that a seed gives the frames that it always gave.</summary>
    private readonly Random _health = new(~seed);

    /// <summary>So have the columns that came later.</summary>
    private readonly Random _later = new(~seed / 2);

    /// <summary>Leave the columns that came later NULL, and candles out, as files of layout 1 do.</summary>
    public bool IsFirstLayout { get; init; }

    /// <summary>Printed with a failure, to repeat it.</summary>
    public int Seed => seed;

    /// <summary>Adds frames to a row set; receive times rise from a start and cross days.</summary>
    /// <param name="frames">Frames to add.</param>
    /// <param name="startNanos">Receive time of the first one.</param>
    /// <param name="stepNanos">Greatest time between two.</param>
    public void Fill(RowSet rows, int frames, long startNanos, long stepNanos, params string[] venues)
    {
        var events = new EventBuffer();
        var received = startNanos;
        for (var seq = 0; seq < frames; seq++)
        {
            events.Clear();
            var index = 0;
            for (var i = _random.Next(4); i >= 0; i--) AddEvent(events, _random.Next(7), index++);
            if (!IsFirstLayout && _later.Next(4) == 0) AddCandle(events, index, received);
            rows.Add(events, new RowOrigin(venues[_random.Next(venues.Length)], received, _random.Next(3), seq * 2L));
            if (_health.Next(8) == 0) rows.AddHealth(Health(), new RowOrigin(RawSchema.HealthExchange, received, 0, seq * 2L + 1));
            received += _random.NextInt64(stepNanos);
        }
    }

    private HealthNote Health()
    {
        var state = _health.Next(2) == 0 ? "READY" : "DEGRADED";
        var why = state == "READY" ? Array.Empty<string>() : [Symbols[_health.Next(Symbols.Length)], "because"];
        HealthNote note = _health.Next(2) == 0 ? new StateNote("OFFLINE") : new HeartbeatNote(30_000_000_000);
        return note with
        {
            State = state,
            Since = 1_763_700_000_000_000_000 + _health.NextInt64(1_000_000) * 1_000_000,
            Why = why,
            Frames = _health.NextInt64(),
            QueueUtilization = _health.NextDouble(),
            FreeBytes = _health.Next(2) == 0 ? null : _health.NextInt64(),
        };
    }

    private void AddEvent(EventBuffer events, int kind, int index)
    {
        var head = new EventHead(index, events.AddText(Encoding.UTF8.GetBytes(Symbols[_random.Next(Symbols.Length)])), Time(),
            _random.Next(2) == 0 ? Absent.Integer : Time());
        if (kind == 0)
            events.Trades.Add() = new()
            {
                Head = head,
                Price = Number(),
                Quantity = Number(),
                Side = Side(),
                TradeId = Text(events),
                FirstId = Integer(),
                LastId = Integer(),
                Flags = Text(events),
                QuantityExRpi = LaterNumber(),
            };
        else if (kind == 1) events.Quotes.Add() = new()
        {
            Head = head,
            BidPrice = Number(),
            BidQuantity = Number(),
            AskPrice = Number(),
            AskQuantity = Number(),
            UpdateId = Integer(),
        };
        else if (kind == 2) events.MarkPrices.Add() = new() { Head = head, MarkPrice = Number(), IndexPrice = Number() };
        else if (kind == 3) events.Fundings.Add() = new()
        {
            Head = head,
            Rate = Number(),
            NextFundingTime = _random.Next(3) == 0 ? Absent.Integer : Time(),
            IntervalSeconds = LaterInteger(),
            SettledRate = LaterNumber(),
        };
        else if (kind == 4) events.OpenInterests.Add() = new() { Head = head, OpenInterest = Number(), OpenInterestValue = Number() };
        else if (kind == 5) events.Liquidations.Add() = new()
        {
            Head = head,
            Price = Number(),
            Quantity = Number(),
            Side = Side(),
            AveragePrice = LaterNumber(),
        };
        else events.Book.Add() = new()
        {
            Head = head,
            Side = Side(),
            Price = Number(),
            Quantity = Number(),
            Kind = (BookKind)_random.Next(2),
            FirstUpdateId = Integer(),
            UpdateId = Integer(),
            PreviousUpdateId = Integer(),
            Sequence = LaterInteger(),
        };
    }

    private void AddCandle(EventBuffer events, int index, long received) => events.Candles.Add() = new()
    {
        Head = new EventHead(index, events.AddText("BTCUSDT"u8), received, Absent.Integer),
        Timeframe = events.AddText(_later.Next(2) == 0 ? "1m"u8 : "5m"u8),
        OpenTimeMs = received / UnixNanos.PerMillisecond,
        Open = LaterNumber(),
        High = LaterNumber(),
        Low = LaterNumber(),
        Close = LaterNumber(),
        Volume = LaterNumber(),
        QuoteVolume = LaterNumber(),
        Vwap = LaterNumber(),
        TradesCount = LaterInteger(),
        IsClosed = _later.Next(3) switch { 0 => null, 1 => true, _ => false },
    };

    private double LaterNumber() => IsFirstLayout || _later.Next(3) == 0 ? Absent.Number : Numbers[_later.Next(Numbers.Length)];

    private long LaterInteger() => IsFirstLayout || _later.Next(3) == 0 ? Absent.Integer : _later.Next(100_000);

    private Side Side() => (Side)_random.Next(3);

    private double Number() => _random.Next(5) == 0
        ? Absent.Number : _random.Next(3) == 0 ? Numbers[_random.Next(Numbers.Length)] : Math.Round(_random.NextDouble() * 70_000, 2);

    private long Integer() => _random.Next(4) == 0 ? Absent.Integer : _random.Next(3) == 0 ? Integers[_random.Next(Integers.Length)] : _random.NextInt64();

    private long Time() => 1_763_700_000_000_000_000 + _random.NextInt64(1_000_000) * 1_000_000 + (_random.Next(4) == 0 ? _random.Next(1_000_000) : 0);

    private TextRef Text(EventBuffer events) =>
        _random.Next(3) == 0 ? default : events.AddText(Encoding.ASCII.GetBytes(new string((char)('a' + _random.Next(26)), 1 + _random.Next(40))));
}
