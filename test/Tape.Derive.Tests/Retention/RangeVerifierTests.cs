using System.Text;
using Tape.Core.Values;
using Tape.Derive.Decoding;
using Tape.Derive.Retention;
using Tape.Derive.Sealing;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Retention;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Storage.Segments;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.Tables.Parts;
using Tape.Tables.Rows;
using Tape.TestKit.Files;
using Tape.TestKit.Time;
using Tape.Venues;

namespace Tape.Derive.Tests.Retention;

/// <summary>A tape of trades that is sealed, compressed, verified by deriving again, and expired, over simulated weeks.</summary>
public sealed class RangeVerifierTests : IDisposable
{
    private static readonly OwnerInfo Owner = new("tests", 1, new UnixNanos(0));
    private readonly TemporaryFolder _root = new();
    private readonly FakeTime _time = new();
    private readonly List<RetentionEvent> _events = [];
    private long _trades;

    private string Vault => _root["vault"];

    private string Tape => TapeRange.Folder(Vault);

    [Fact]
    public async Task Over_four_weeks_what_expires_was_verified_and_every_row_is_accounted_for()
    {
        for (var day = 0; day < 28; day++)
        {
            Record(hours: 24);
            Seal();
            await Keep(new ExpiryRules());
            var segments = TapeFolder.Segments(TestDisk.Files, Tape);
            Assert.True(segments[^1].MaxTime!.Value.Since(segments[0].MinTime!.Value) < TimeSpan.FromDays(10), $"day {day}");
        }
        Assert.DoesNotContain(_events, told => told.Act == RetentionAct.Hindered);
        var history = SegmentHistory.Read(TestDisk.Files, Tape);
        var expired = history.Segments.Where(story => story.Expired is not null).ToList();
        Assert.True(expired.Count > 5);
        var first = TapeFolder.Segments(TestDisk.Files, Tape)[0].FirstSeq;
        Assert.Equal(first, expired[^1].Segment.NextSeq);

        // The trades of expired segments and those still on the tape are all trades.
        var left = 0L;
        using (var reader = TapeReader.Open(TestDisk.Files, Tape))
            while (reader.TryRead(out var record))
                if (record.Kind == RecordKind.Frame) left++;
        var gone = expired.Aggregate(RangeRows.None, (sum, story) => sum + story.Verified!.Rows);
        Assert.Equal(_trades, left + gone.Tables.Single(table => table.Table == "trades").Rows + gone.Undecodable);
        Assert.Equal(expired.Sum(story => story.Segment.Records["frame"]), gone.Tables.Single().Rows + gone.Undecodable);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(Tape, "kept"), "*.kept"));
    }

    [Fact]
    public async Task Rows_and_hashes_of_segments_add_up_to_those_of_the_seals()
    {
        for (var day = 0; day < 12; day++)
        {
            Record(hours: 24);
            Seal();
        }
        await Keep(new ExpiryRules { KeepBytes = 0 });
        var history = SegmentHistory.Read(TestDisk.Files, Tape);
        var through = history.LastVerified!.Verified!;
        var sum = history.Segments.Where(story => story.Verified is not null).Aggregate(RangeRows.None, (all, story) => all + story.Verified!.Rows);
        sum = through.Beyond.Aggregate(sum, (all, rows) => all + rows);
        var seals = SealLog.Read(TestDisk.Files, Vault).Committed.Where(seal => seal.ToSeqExcl <= through.Through).SelectMany(seal => seal.Files).ToList();
        Assert.Equal(seals.Sum(file => file.Rows), sum.Tables.Single().Rows);
        Assert.Equal(seals.Select(file => RowHash.Parse(file.Hash)).Aggregate((left, right) => left + right).ToString(), sum.Tables.Single().Hash);
    }

    [Fact]
    public async Task A_missing_part_keeps_the_tape_it_came_from()
    {
        Record(hours: 240);
        Seal();
        Record(hours: 1);
        Seal();
        File.Delete(EntryPath.Absolute(Vault, SealLog.Read(TestDisk.Files, Vault).Committed[0].Files[0].Path));
        await Keep(new ExpiryRules { KeepBytes = 0 });
        Assert.Contains("is missing", Assert.Single(_events, told => told.Act == RetentionAct.Hindered).Text, StringComparison.Ordinal);
        Assert.Equal(0, TapeFolder.Segments(TestDisk.Files, Tape)[0].FirstSeq);
    }

    [Fact]
    public async Task A_part_that_was_changed_keeps_the_tape_it_came_from()
    {
        Record(hours: 240);
        Seal();
        Record(hours: 1);
        Seal();
        var path = EntryPath.Absolute(Vault, SealLog.Read(TestDisk.Files, Vault).Committed[0].Files[0].Path);
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        await Keep(new ExpiryRules { KeepBytes = 0 });
        Assert.Contains("has checksum", Assert.Single(_events, told => told.Act == RetentionAct.Hindered).Text, StringComparison.Ordinal);
        Assert.Equal(0, TapeFolder.Segments(TestDisk.Files, Tape)[0].FirstSeq);
    }

    [Fact]
    public async Task A_seal_that_says_other_rows_keeps_the_tape_it_came_from()
    {
        Record(hours: 240);
        Seal(bend: true);
        Record(hours: 1);
        Seal();
        await Keep(new ExpiryRules { KeepBytes = 0 });
        Assert.Contains("derived again, raw/v1/trades/", Assert.Single(_events, told => told.Act == RetentionAct.Hindered).Text, StringComparison.Ordinal);
        Assert.Equal(0, TapeFolder.Segments(TestDisk.Files, Tape)[0].FirstSeq);
    }

    public void Dispose() => _root.Dispose();

    /// <summary>A run of the recorder: a trade every ten minutes, a frame that is none every hundred.</summary>
    private void Record(int hours)
    {
        using var writer = TapeWriter.Open(TestDisk.Files, Tape, new TapeOptions { SegmentBytesMax = 40_000, BlockBytesMax = 2_000, ReserveBytes = 16 << 10 },
            _time, new Random(5), Owner);
        Append(writer, RecordKind.Note, 0, new StartedNote("tests", 1, ["binance"]).ToJson());
        var connection = writer.NextSeq + 1;
        Append(writer, RecordKind.Note, connection,
            new ConnectedNote("binance", "market", 0, "wss://x", "", [new NotedStream("aggTrade", "BTCUSDT", "btcusdt@aggTrade")]).ToJson());
        for (var minute = 0; minute < hours * 60; minute += 10)
        {
            Append(writer, RecordKind.Frame, connection, _trades++ % 100 == 99 ? "{\"stream\":\"btcusdt@aggTrade\",\"data\":{"u8.ToArray() : Trade());
            _time.Advance(TimeSpan.FromMinutes(10));
        }
        writer.Commit();
    }

    private void Append(TapeWriter writer, RecordKind kind, long connection, byte[] payload) =>
        writer.Append(kind, connection, UnixNanos.From(_time.GetUtcNow()), payload);

    private byte[] Trade() => Encoding.UTF8.GetBytes(
        $$$"""{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1281679608450,"a":{{{_trades}}},"s":"BTCUSDT","p":"83664.10","q":"0.030","nq":"0.030","f":{{{_trades}}},"l":{{{_trades}}},"T":1281679608100,"m":false,"st":1}}""");

    private void Seal(bool bend = false)
    {
        using var sealer = Sealer.Open(TestDisk.Files, Vault, new SealLimits { TapeBytes = 30_000 }, VenueCatalog.Find, _time, Owner, new HashingWriter(bend));
        sealer.Advance(_ => { }, all: true);
    }

    private async Task Keep(ExpiryRules rules)
    {
        using var keeper = TapeRetention.Open(TestDisk.Files, Vault, rules, new RangeVerifier(TestDisk.Files, Vault, VenueCatalog.Find), _time, Pace.Full,
            Owner);
        await keeper.AdvanceAsync(_events.Add, CancellationToken.None);
    }

    /// <summary>Writes parts that hold nothing but a byte for each row, and tells the hash of the rows, or of other ones.</summary>
    private sealed class HashingWriter(bool bend) : IPartWriter
    {
        public PartFile Write(RowBuffer buffer, PartRows part, in PartOrigin origin, string path)
        {
            File.WriteAllBytes(path, new byte[part.Rows.Length]);
            return new(part.Rows.Length, part.Rows.Length, buffer.Hash(bend ? part.Rows.AsSpan(1) : part.Rows));
        }
    }
}
