using System.Runtime.CompilerServices;
using Tape.Core.Values;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Format;
using Tape.Storage.Tapes.Notes;

namespace Tape.Storage.Tests.Tapes;

/// <summary>The golden file holds format version 1: it was made once and is never rewritten. A change that fails here is a new version.</summary>
public sealed class GoldenTapeTests : IDisposable
{
    private static readonly long Start = new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() * UnixNanos.PerMillisecond;

    private readonly TapeFixture _tape = new();

    [Fact]
    public void The_golden_tape_is_read_as_it_was_written()
    {
        Directory.CreateDirectory(_tape.Folder);
        File.Copy(GoldenPath(), Path.Combine(_tape.Folder, TapeFormat.SegmentName(GoldenId(), 0)));
        Assert.Equal(Records(), _tape.ReadAll());
        Assert.True(_tape.Verify().IsGood);
    }

    [Fact]
    public void The_same_records_give_the_same_bytes()
    {
        Write();
        Assert.Equal(File.ReadAllBytes(GoldenPath()), File.ReadAllBytes(Assert.Single(_tape.SegmentPaths())));
    }

    [Fact]
    public void A_reader_written_from_the_page_alone_reads_the_golden_tape()
    {
        var records = DocumentReader.ReadSegment(GoldenPath());
        Assert.Equal(Enumerable.Range(0, records.Count).Select(number => (long)number), records.Select(record => record.Seq));
        Assert.Equal(Records(), records.Select(record => new Kept((RecordKind)record.Kind, record.Connection, record.Time, record.Payload)));
    }

    [Fact]
    public void A_reader_written_from_the_page_alone_reads_any_tape()
    {
        _tape.Record(100, 170);
        var records = _tape.SegmentPaths().SelectMany(DocumentReader.ReadSegment).ToList();
        Assert.Equal(_tape.ReadAll(), records.Select(record => new Kept((RecordKind)record.Kind, record.Connection, record.Time, record.Payload)));
    }

    [Fact]
    public void The_checksum_is_the_known_one() => Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));

    public void Dispose() => _tape.Dispose();

    private void Write()
    {
        _tape.Options = new() { BlockBytesMax = 300 };
        using var writer = _tape.Open(seed: 1);
        var number = 0;
        foreach (var record in Records())
        {
            writer.Append(record.Kind, record.Connection, new UnixNanos(record.Time), record.Payload);
            if (++number is 2 or 5 or 9) writer.Commit();
        }
    }

    private static List<Kept> Records()
    {
        var tick = new byte[Tick.Bytes];
        new Tick(1_000_000_000, Start + 1_000_000_123, Absent.Integer).Write(tick);
        return
        [
            new(RecordKind.Note, 0, Start, "{\"note\":\"started\",\"program\":\"golden\",\"process\":1,\"venues\":[\"binance\"]}"u8.ToArray()),
            new(RecordKind.Sent, 1, Start + 1, "{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@aggTrade\"],\"id\":1}"u8.ToArray()),
            new(RecordKind.Frame, 1, Start + 1_000_000, "{\"result\":null,\"id\":1}"u8.ToArray()),
            new(RecordKind.Frame, 300, Start + 999_000, Enumerable.Range(0, 256).Select(value => (byte)value).ToArray()),
            new(RecordKind.Frame, 1, Start + 2_000_000, []),
            new(RecordKind.Tick, 0, Start + 1_000_000_000, tick),
            new(RecordKind.Heartbeat, 300, Start + 1_000_000_500, "ping"u8.ToArray()),
            new(RecordKind.Frame, long.MaxValue, Start - 5, "far apart"u8.ToArray()),
            new(RecordKind.Frame, long.MinValue, Start + 1_000_000_600, "TBLK"u8.ToArray()),
        ];
    }

    private static long GoldenId() => new Random(1).NextInt64(1, long.MaxValue);

    private static string GoldenPath([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "Golden", "tape-v1.tape");
}
