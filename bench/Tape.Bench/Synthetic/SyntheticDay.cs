using Tape.Host.Processes;
using Tape.Storage.Files;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.DuckDb;
using Tape.Tables.Parts;
using Tape.Tables.Rows;

namespace Tape.Bench.Synthetic;

/// <summary>
/// A sealed day of made-up trades and quotes of three venues, straight into parts and the seal log, the same for the same seed: 20 symbols of uneven weight,
/// prices that walk in ticks, quantities of few digits, venue times in milliseconds and ours in nanoseconds, at the pace of a day of 50 million rows: fewer
/// rows fill the first part of it. In the middle each venue's second connection begins 2 % of that time before the first one ends; what both bring is the same
/// event twice.
/// </summary>
internal sealed class SyntheticDay(string vault, int rows, int? parts, int seed)
{
    private const double OverlapShare = 0.02;
    private const int SymbolCount = 20;
    private const long RowsOfWholeDay = 50_000_000;
    private const int MinutesOfDay = 1440;

    private static readonly UnixNanos Start = UnixNanos.From(new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero));
    private static readonly string[] Venues = ["binance", "okx", "bybit"];

    private readonly Random _chance = new(seed);
    private readonly EventBuffer _events = new();
    private readonly RowSet _rows = new();
    private readonly SyntheticSymbol[][] _symbols =
        [.. Venues.Select(venue => Enumerable.Range(0, SymbolCount).Select(number => new SyntheticSymbol(venue, number)).ToArray())];
    private readonly long _span = (long)(UnixNanos.PerDay * Math.Min(1, (double)rows / RowsOfWholeDay));
    private readonly int _parts = Math.Clamp(parts ?? (int)(MinutesOfDay * (long)rows / RowsOfWholeDay), 2, 10_000);
    private long _seq;

    /// <summary>Rows of the second connection that the first one had brought.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Writes it, and one seal of the day after, which shows that it is finished.</summary>
    public void Write(CancellationToken cancel)
    {
        IFiles files = DiskFiles.Instance;
        DurableFolder.Create(files, Path.Combine(vault, "tmp"));
        using var writer = PartWriter.Open(files, new DuckDbOptions());
        using var log = SealLog.Open(files, vault, ThisProcess.Owner("tape-bench compact"));
        for (var part = 0; part < _parts; part++)
        {
            cancel.ThrowIfCancellationRequested();
            var from = _seq;
            Fill(part);
            Seal(files, log, writer, from);
        }

        // It may be several frames.
        var last = _seq;
        AddRow(UnixNanos.PerDay + FinishedMargin, 2, 0);
        Seal(files, log, writer, last);
    }

    private static long FinishedMargin => Tape.Derive.Compaction.FinishedDays.Margin.Ticks * 100;

    private void Fill(int part)
    {
        var (step, count) = (_span / _parts, (int)((long)rows * (part + 1) / _parts - (long)rows * part / _parts));
        var times = new long[(int)(count / SyntheticSymbol.EventsOnAverage)];
        for (var row = 0; row < times.Length; row++) times[row] = part * step + _chance.NextInt64(step);
        Array.Sort(times);
        var middle = _span / 2;
        foreach (var time in times)
        {
            var overlaps = Math.Abs(time - middle) < _span * OverlapShare / 2;
            AddRow(time, overlaps || time < middle ? 1 : 2, overlaps ? 2 : 0);
        }
    }

    /// <param name="second">The connection that brings it too; 0 for none.</param>
    private void AddRow(long time, int connection, int second)
    {
        var venue = _chance.Next(Venues.Length);
        // Squared, so that the first symbols have most of the rows.
        var symbol = _symbols[venue][(int)(SymbolCount * Math.Pow(_chance.NextDouble(), 2))];
        _events.Clear();
        symbol.Add(_events, Start.Value + time - 2_000_000 - _chance.Next(3_000_000), _chance);
        Take(venue, Start.Value + time, connection);
        if (second == 0) return;
        Duplicates += _events.Count;
        Take(venue, Start.Value + time + _chance.Next(40_000), second);
    }

    /// <summary>Binance sends each trade in a frame of its own, the others one frame with all.</summary>
    private void Take(int venue, long received, int connection)
    {
        if (Venues[venue] != "binance" || _events.Trades.Count < 2)
        {
            _rows.Add(_events, new RowOrigin(Venues[venue], received, connection, _seq++));
            return;
        }

        foreach (var trade in _events.Trades.Items)
        {
            var one = trade;
            one.Head = trade.Head with { Index = 0 };
            _rows[RawSchema.Trades].AddTrade(one, _events, new RowOrigin(Venues[venue], received, connection, _seq++));
            received += 15_000 + _chance.Next(45_000);
        }
    }

    private void Seal(IFiles files, SealLog log, PartWriter writer, long from)
    {
        var origin = new PartOrigin(1, from, _seq, "1");
        var sealedFiles = new List<SealedFile>();
        foreach (var buffer in _rows.Buffers)
            foreach (var part in buffer.Split())
            {
                var path = PartPath.Of(buffer.Table, part.Venue, part.Day, origin);
                var absolute = EntryPath.Absolute(vault, path);
                DurableFolder.Create(files, Path.GetDirectoryName(absolute)!);
                var file = writer.Write(buffer, part, origin, absolute);
                sealedFiles.Add(new SealedFile(buffer.Table.Name, part.Venue, part.Day, path, file.Rows, file.Bytes, file.Hash.ToString(), part.ReceivedMin,
                    part.ReceivedMax)
                { Layout = RawSchema.Layout });
            }

        log.AppendSeal(new FirstSealEntry(log.NextId, origin.TapeIdText, from, _seq, "1", sealedFiles, [], null));
        log.AppendCommit(log.NextId - 1);
        _rows.Clear();
    }
}
