using System.Text;
using Tape.Core.Events;
using Tape.Core.Values;
using Tape.Core.Work;
using Tape.Storage.Files;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.Compaction;
using Tape.Tables.DuckDb;
using Tape.Tables.Parts;
using Tape.Tables.Rows;
using Tape.TestKit.Files;
using Tape.TestKit.Tables;

namespace Tape.Tables.Tests.Compaction;

/// <summary>Which rows the file of a finished day holds, and in which order. Rows are told from each other by (tape_seq, idx).</summary>
public sealed class CompactWriterTests : IDisposable
{
    private const long Minute = 60 * UnixNanos.PerSecond;
    private static readonly long Noon = UnixNanos.From(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero)).Value;

    private readonly TemporaryFolder _vault = new();
    private readonly RowSet _rows = new();
    private readonly EventBuffer _events = new();
    private readonly List<SealedFile> _files = [];

    public void Dispose() => _vault.Dispose();

    [Fact]
    public void Rows_are_sorted_by_symbol_then_time_then_place_on_the_tape()
    {
        Trade(1, conn: 1, at: 2, id: "1", symbol: "B");
        Trade(2, conn: 1, at: 1, id: "2", symbol: "B");
        Trade(3, conn: 1, at: 1, id: "3", symbol: "B");
        Seal();
        Trade(4, conn: 1, at: 9, id: "1", symbol: "A");
        Assert.Equal(["4.0", "2.0", "3.0", "1.0"], Kept(RawSchema.Trades));
    }

    [Fact]
    public void A_trade_that_two_connections_brought_stays_once_the_one_received_first()
    {
        Trade(1, conn: 1, at: 1, id: "7");
        Trade(2, conn: 2, at: 2, id: "7");
        Trade(3, conn: 2, at: 3, id: "8");
        Trade(4, conn: 1, at: 4, id: "8");
        Assert.Equal(["1.0", "3.0"], Kept(RawSchema.Trades, duplicates: 2));
    }

    [Fact]
    public void What_one_connection_repeats_are_events_of_their_own()
    {
        Trade(1, conn: 1, at: 1, id: "7");
        Trade(2, conn: 1, at: 2, id: "7");
        Trade(3, conn: 2, at: 3, id: "7");
        Trade(4, conn: 2, at: 3, id: "9");
        Trade(5, conn: 2, at: 3, id: "9");
        Assert.Equal(["1.0", "2.0", "4.0", "5.0"], Kept(RawSchema.Trades, duplicates: 1));
    }

    [Fact]
    public void An_aggregate_and_a_fill_of_the_same_number_are_two_trades_and_so_are_other_symbols()
    {
        Trade(1, conn: 1, at: 1, id: "7", firstId: 100);
        Trade(2, conn: 2, at: 2, id: "7");
        Trade(3, conn: 3, at: 3, id: "7", symbol: "B");
        Assert.Equal(3, Kept(RawSchema.Trades).Count);
    }

    [Fact]
    public void Trades_without_id_are_the_same_when_all_of_the_venues_columns_are()
    {
        Trade(1, conn: 1, at: 1, id: "", price: 5);
        Trade(2, conn: 2, at: 2, id: "", price: 5);
        Trade(3, conn: 2, at: 2, id: "", price: 6);
        Trade(4, conn: 3, at: 2, id: "", price: 5, happened: 1);
        Assert.Equal(["1.0", "3.0", "4.0"], Kept(RawSchema.Trades, duplicates: 1));
    }

    [Fact]
    public void Quotes_are_the_same_by_update_id_and_values()
    {
        Quote(1, conn: 1, at: 1, update: 5, bid: 10);
        Quote(2, conn: 2, at: 2, update: 5, bid: 10, happened: 3);
        Quote(3, conn: 2, at: 3, update: 5, bid: 11);
        Quote(4, conn: 2, at: 3, update: Absent.Integer, bid: 10);
        Quote(5, conn: 1, at: 4, update: Absent.Integer, bid: 10, happened: 3);
        Assert.Equal(["1.0", "3.0", "4.0", "5.0"], Kept(RawSchema.Bbo, duplicates: 1));
    }

    [Fact]
    public void A_frame_of_the_book_is_left_out_whole_or_not_at_all()
    {
        Book(1, conn: 1, at: 1, update: 5, BookKind.Delta, 10, 11);
        Book(2, conn: 2, at: 2, update: 5, BookKind.Delta, 10, 11);
        Book(3, conn: 2, at: 3, update: 5, BookKind.Snapshot, 10, 11);
        Book(4, conn: 3, at: 4, update: 5, BookKind.Delta, 10, 12);
        Book(5, conn: 3, at: 4, update: 6, BookKind.Delta, 10);
        Book(6, conn: 3, at: 4, update: 6, BookKind.Delta, 10);
        Assert.Equal(["1.0", "1.1", "3.0", "3.1", "4.0", "4.1", "5.0", "6.0"], Kept(RawSchema.Book, duplicates: 2));
    }

    [Fact]
    public void Mark_prices_are_the_same_when_time_and_values_are()
    {
        Mark(1, conn: 1, at: 1, price: 5, happened: 1);
        Mark(2, conn: 2, at: 2, price: 5, happened: 1);
        Mark(3, conn: 2, at: 3, price: 5, happened: 2);
        Assert.Equal(["1.0", "3.0"], Kept(RawSchema.MarkPrice, duplicates: 1));
    }

    [Fact]
    public void Copies_are_looked_for_until_ten_minutes_after_connections_met()
    {
        Trade(1, conn: 1, at: 0, id: "7");
        Seal();
        Trade(2, conn: 2, at: 9 * Minute, id: "x");
        Trade(3, conn: 2, at: 18 * Minute, id: "7");
        Assert.Equal(["1.0", "2.0"], Kept(RawSchema.Trades, duplicates: 1));
    }

    [Fact]
    public void Whatever_the_rows_are_the_kept_and_the_left_out_ones_are_all_of_them()
    {
        var random = new RandomRows(Random.Shared.Next());
        random.Fill(_rows, 3000, Noon, UnixNanos.PerSecond, "binance");
        Seal();
        foreach (var table in RawSchema.Tables)
        {
            SealedFile[] raw = [.. _files.Where(file => file.Table == table.Name && file.Day == _files[0].Day)];
            using var writer = CompactWriter.Open(DiskFiles.Instance, new DuckDbOptions());
            var made = writer.Write(_vault.Path, table, raw, _vault["day.parquet"], CancellationToken.None);
            var expected = raw.Aggregate(default(RowHash), (sum, file) => sum + RowHash.Parse(file.Hash));
            Assert.True((raw.Sum(file => file.Rows), expected) == (made.Written.Rows + made.Duplicates, made.Written.Hash + made.DuplicatesHash),
                $"{table}, seed {random.Seed}");
        }
    }

    [Fact]
    public void Files_that_are_written_side_by_side_are_those_written_one_after_the_other()
    {
        var random = new RandomRows(7);
        random.Fill(_rows, 2000, Noon, UnixNanos.PerSecond, "binance");
        Seal();
        var tables = RawSchema.Tables.Where(table => _files.Any(file => file.Table == table.Name)).ToArray();
        using var one = CompactWriter.Open(DiskFiles.Instance, new DuckDbOptions());
        using var several = CompactWriter.Open(DiskFiles.Instance, new DuckDbOptions(Threads: 3));
        Assert.Equal((1, 3), (one.Slots, several.Slots));
        var expected = tables.Select(table => one.Write(_vault.Path, table, Raw(table), _vault["one.parquet"], CancellationToken.None)).ToArray();
        var made = new CompactFile[tables.Length];
        SideBySide.Run(several.Slots, [.. Enumerable.Range(0, tables.Length)], (_, _) => { },
            (_, number, stop) => made[number] = several.Write(_vault.Path, tables[number], Raw(tables[number]), _vault[$"{number}.parquet"], stop),
            CancellationToken.None);
        Assert.Equal(expected.Select(file => (file.Written.Rows, file.Written.Hash, file.Duplicates, file.DuplicatesHash)),
            made.Select(file => (file.Written.Rows, file.Written.Hash, file.Duplicates, file.DuplicatesHash)));
        SealedFile[] Raw(RawTable table) => [.. _files.Where(file => file.Table == table.Name && file.Day == _files[0].Day)];
    }

    [Fact]
    public void Cancelling_leaves_no_file()
    {
        Trade(1, conn: 1, at: 1, id: "7");
        Seal();
        using var writer = CompactWriter.Open(DiskFiles.Instance, new DuckDbOptions());
        Assert.ThrowsAny<OperationCanceledException>(() =>
            writer.Write(_vault.Path, RawSchema.Trades, _files, _vault["day.parquet"], new CancellationToken(canceled: true)));
        Assert.False(File.Exists(_vault["day.parquet"]));
    }

    private void Trade(long seq, long conn, long at, string id, string symbol = "A", double price = 1, long firstId = Absent.Integer, long happened = 0)
    {
        _events.Clear();
        _events.Trades.Add() = new()
        {
            Head = Head(symbol, happened),
            Price = price,
            Quantity = 1,
            Side = Side.Buy,
            TradeId = _events.AddText(Encoding.ASCII.GetBytes(id)),
            FirstId = firstId,
            LastId = Absent.Integer,
        };
        Take(seq, conn, at);
    }

    private void Quote(long seq, long conn, long at, long update, double bid, long happened = 0)
    {
        _events.Clear();
        _events.Quotes.Add() = new()
        {
            Head = Head("A", happened),
            BidPrice = bid,
            BidQuantity = 1,
            AskPrice = Absent.Number,
            AskQuantity = Absent.Number,
            UpdateId = update,
        };
        Take(seq, conn, at);
    }

    private void Mark(long seq, long conn, long at, double price, long happened)
    {
        _events.Clear();
        _events.MarkPrices.Add() = new() { Head = Head("A", happened), MarkPrice = price, IndexPrice = Absent.Number };
        Take(seq, conn, at);
    }

    private void Book(long seq, long conn, long at, long update, BookKind kind, params double[] prices)
    {
        _events.Clear();
        foreach (var price in prices)
            _events.Book.Add() = new()
            {
                Head = Head("A", at) with { Index = _events.Book.Count - 1 },
                Side = Side.Buy,
                Price = price,
                Quantity = 1,
                Kind = kind,
                FirstUpdateId = update,
                UpdateId = update,
                PreviousUpdateId = update - 1,
            };
        Take(seq, conn, at);
    }

    private EventHead Head(string symbol, long happened) => new(0, _events.AddText(Encoding.ASCII.GetBytes(symbol)), Noon + happened, Absent.Integer);

    private void Take(long seq, long conn, long at) => _rows.Add(_events, new RowOrigin("binance", Noon + at, conn, seq));

    /// <summary>What was added so far becomes parts.</summary>
    private void Seal()
    {
        using var writer = PartWriter.Open(DiskFiles.Instance, new DuckDbOptions());
        foreach (var buffer in _rows.Buffers)
            foreach (var part in buffer.Split())
            {
                var name = $"{buffer.Table}-{_files.Count}.parquet";
                var file = writer.Write(buffer, part, new PartOrigin(1, 0, 100, "1"), _vault[name]);
                _files.Add(new SealedFile(buffer.Table.Name, part.Venue, part.Day, name, file.Rows, file.Bytes, file.Hash.ToString(), part.ReceivedMin,
                    part.ReceivedMax)
                { Layout = RawSchema.Layout });
            }

        _rows.Clear();
    }

    /// <summary>The rows of the file as <c>tape_seq.idx</c>, in its order.</summary>
    private List<string> Kept(RawTable table, int duplicates = 0)
    {
        Seal();
        using var writer = CompactWriter.Open(DiskFiles.Instance, new DuckDbOptions());
        var made = writer.Write(_vault.Path, table, _files, _vault["day.parquet"], CancellationToken.None);
        Assert.Equal(duplicates, made.Duplicates);
        using var database = DuckDbDatabase.Open(new DuckDbOptions());
        using var connection = database.Connect();
        using var result = connection.Query($"SELECT tape_seq || '.' || idx FROM read_parquet({Sql.Text(_vault["day.parquet"])})");
        var kept = new List<string>();
        while (result.Next(out var chunk))
            for (var row = 0; row < chunk.Rows; row++) kept.Add(chunk.Text(0, row)!);
        return kept;
    }
}
