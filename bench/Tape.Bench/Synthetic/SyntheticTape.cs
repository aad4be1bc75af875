using System.Text.Unicode;
using Tape.Host.Processes;
using Tape.Storage.Files;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;

namespace Tape.Bench.Synthetic;

/// <summary>
/// A tape of a UTC day of Binance's trades and quotes, the same for the same seed: 20 symbols of one connection each, ids that follow one another, a frame a
/// row, evenly over the day, and a tick a second. Made from patterns, since a day has tens of millions of them.
/// </summary>
internal sealed class SyntheticTape(string folder, int frames, int seed)
{
    private const int SymbolCount = 20;

    private static readonly DateTimeOffset Start = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);

    private readonly Random _chance = new(seed);
    private readonly byte[] _frame = new byte[512];
    private readonly long[] _trades = new long[SymbolCount];
    private readonly long[] _prices = [.. Enumerable.Repeat(400_000L, SymbolCount)];
    private long _updateId = 9_000_000_000_000;

    /// <summary>Writes it.</summary>
    public void Write(TimeProvider time, CancellationToken cancel)
    {
        using var writer = TapeWriter.Open(DiskFiles.Instance, folder, new TapeOptions(), time, new Random(seed), ThisProcess.Owner("tape-bench sanity"));
        var (start, now, nextTick) = (UnixNanos.From(Start), UnixNanos.From(Start), UnixNanos.From(Start));
        writer.Append(RecordKind.Note, 0, now, new StartedNote("bench", Environment.ProcessId, ["binance"]).ToJson());
        for (var connection = 1; connection <= SymbolCount; connection++)
            writer.Append(RecordKind.Note, connection, now, new ConnectedNote("binance", "public", 0, "", "", []).ToJson());
        for (var frame = 0; frame < frames; frame++)
        {
            if ((frame & 0xFFFF) == 0) cancel.ThrowIfCancellationRequested();
            now = new UnixNanos(start.Value + (long)((double)UnixNanos.PerDay * frame / frames));
            for (; nextTick <= now; nextTick = nextTick.Add(TimeSpan.FromSeconds(1))) writer.Append(RecordKind.Tick, 0, nextTick, Second(nextTick));
            var symbol = (int)(SymbolCount * Math.Pow(_chance.NextDouble(), 2));
            writer.Append(RecordKind.Frame, 1 + symbol, now, _chance.Next(10) < 6 ? Trade(symbol, now) : Quote(symbol, now));
        }

        writer.Commit();
    }

    private ReadOnlySpan<byte> Second(UnixNanos now)
    {
        new Tick(now.Value, now.Value, Absent.Integer).Write(_frame);
        return _frame.AsSpan(0, Tick.Bytes);
    }

    private ReadOnlySpan<byte> Trade(int symbol, UnixNanos now)
    {
        var (id, sent, quantity) = (++_trades[symbol], now.Value / UnixNanos.PerMillisecond - 3, 1 + _chance.Next(20_000));
        return Text(Utf8.TryWrite(
            _frame, CultureInfo.InvariantCulture,
            $$$"""{"stream":"sym{{{symbol}}}usdt@aggTrade","data":{"e":"aggTrade","E":{{{sent}}},"a":{{{1_000_000 + id}}},"s":"SYM{{{symbol}}}USDT","p":"{{{Price(symbol):F2}}}","q":"{{{quantity / 1000m:F3}}}","nq":"{{{quantity / 1000m:F3}}}","f":{{{3_000_000 + id}}},"l":{{{3_000_000 + id}}},"T":{{{sent - _chance.Next(5)}}},"m":{{{(_chance.Next(2) == 0 ? "true" : "false")}}},"st":1}}""", out var bytes), bytes);
    }

    private ReadOnlySpan<byte> Quote(int symbol, UnixNanos now)
    {
        var (sent, price) = (now.Value / UnixNanos.PerMillisecond - 3, Price(symbol));
        _updateId += 1 + _chance.Next(40);
        return Text(Utf8.TryWrite(
            _frame, CultureInfo.InvariantCulture,
            $$$"""{"stream":"sym{{{symbol}}}usdt@bookTicker","data":{"e":"bookTicker","u":{{{_updateId}}},"s":"SYM{{{symbol}}}USDT","ps":"SYM{{{symbol}}}USDT","b":"{{{price:F2}}}","B":"{{{(1 + _chance.Next(20_000)) / 1000m:F3}}}","a":"{{{price + 0.01m:F2}}}","A":"{{{(1 + _chance.Next(20_000)) / 1000m:F3}}}","T":{{{sent - 1}}},"E":{{{sent}}},"st":1}}""", out var bytes), bytes);
    }

    /// <summary>It walks in ticks.</summary>
    private decimal Price(int symbol) => (_prices[symbol] += _chance.Next(-2, 3)) / 100m;

    private ReadOnlySpan<byte> Text(bool isWhole, int bytes) =>
        isWhole ? _frame.AsSpan(0, bytes) : throw new InvalidOperationException($"a frame is longer than {_frame.Length} bytes");
}
