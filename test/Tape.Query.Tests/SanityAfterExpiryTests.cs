using System.Text;
using Tape.Core.Values;
using Tape.Derive.Decoding;
using Tape.Derive.Retention;
using Tape.Derive.Sealing;
using Tape.Query.Sanity;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Retention;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Files;
using Tape.TestKit.Time;
using Tape.Venues;

namespace Tape.Query.Tests;

/// <summary>A vault whose tape is compressed and has lost its beginning by the rules is sound, and says what became of it.</summary>
public sealed class SanityAfterExpiryTests : IDisposable
{
    private static readonly OwnerInfo Owner = new("tests", 1, new UnixNanos(0));
    private readonly TemporaryFolder _root = new();
    private readonly FakeTime _time = new();
    private int _trades;

    private string Vault => _root["vault"];

    private string Tape => TapeRange.Folder(Vault);

    [Fact]
    public async Task What_expired_is_told_and_nothing_is_wrong()
    {
        await RecordAndKeep(new ExpiryRules());
        var before = Check();
        var segments = TapeFolder.Segments(DiskFiles.Instance, Tape);
        await Keep(new ExpiryRules { KeepBytes = segments.Skip(2).Sum(segment => segment.StoredBytes) });
        Assert.Equal(segments.Skip(2), TapeFolder.Segments(DiskFiles.Instance, Tape));
        var report = Check();
        Assert.Empty(report.Findings);
        Assert.Null(before.Expired);
        Assert.Contains("expired on 2026-", report.Expired, StringComparison.Ordinal);
        Assert.Contains("verified on 2026-", report.Expired, StringComparison.Ordinal);
        Assert.Equal((before.Rows, before.Rows), (report.Rows, before.RowsProven));
        Assert.InRange(report.RowsProven, 1, report.Rows - 1);
        Assert.Equal(before.Streams.Select(stream => (stream.Key, stream.Frames, stream.Rows)),
            report.Streams.Select(stream => (stream.Key, stream.Frames, stream.Rows)));
    }

    [Fact]
    public async Task A_beginning_that_is_gone_without_having_expired_is_damage()
    {
        await RecordAndKeep(new ExpiryRules());
        var first = TapeFolder.Segments(DiskFiles.Instance, Tape)[0];
        Assert.NotNull(first.CompressedBytes);
        File.Delete(first.FilePath);
        Assert.Contains(Check().Findings, finding => finding.Contains("segments.log does not say that they expired", StringComparison.Ordinal));
    }

    public void Dispose() => _root.Dispose();

    private SanityReport Check() => new SanityCheck(DiskFiles.Instance, Vault).Run(deep: true, _ => { }, CancellationToken.None);

    private async Task RecordAndKeep(ExpiryRules rules)
    {
        using (var writer = TapeWriter.Open(DiskFiles.Instance, Tape,
            new TapeOptions { SegmentBytesMax = 20_000, BlockBytesMax = 2_000, ReserveBytes = 16 << 10 }, _time, new Random(5), Owner))
        {
            Append(writer, RecordKind.Note, 0, new StartedNote("tests", 1, ["binance"]).ToJson());
            Append(writer, RecordKind.Note, 1,
                new ConnectedNote("binance", "market", 0, "wss://x", "", [new NotedStream("aggTrade", "BTCUSDT", "btcusdt@aggTrade")]).ToJson());
            for (; _trades < 600; _trades++) Append(writer, RecordKind.Frame, 1, Trade());
            writer.Commit();
        }
        using (var sealer = Sealer.Open(DiskFiles.Instance, Vault, new SealLimits { TapeBytes = 15_000 }, VenueCatalog.Find, _time, Owner))
            sealer.Advance(_ => { }, all: true);
        await Keep(rules);
    }

    private async Task Keep(ExpiryRules rules)
    {
        using var keeper = TapeRetention.Open(DiskFiles.Instance, Vault, rules, new RangeVerifier(DiskFiles.Instance, Vault, VenueCatalog.Find), _time,
            Pace.Full, Owner);
        await keeper.AdvanceAsync(told => Assert.True(told.Act != RetentionAct.Hindered, told.Text), CancellationToken.None);
    }

    private void Append(TapeWriter writer, RecordKind kind, long connection, byte[] payload)
    {
        writer.Append(kind, connection, UnixNanos.From(_time.GetUtcNow()), payload);
        _time.Advance(TimeSpan.FromSeconds(1));
    }

    private byte[] Trade() => Encoding.UTF8.GetBytes(
        $$$"""{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1281679608450,"a":{{{_trades}}},"s":"BTCUSDT","p":"83664.10","q":"0.030","nq":"0.030","f":{{{_trades}}},"l":{{{_trades}}},"T":1281679608100,"m":false,"st":1}}""");
}
