using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Tape.Core.Values;
using Tape.Host.Configuration;
using Tape.Host.Workers;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Files;
using Tape.TestKit.Time;

namespace Tape.Host.Tests.Workers;

/// <summary>Candles behind sealing, as a recorder or a server runs them.</summary>
public sealed class CandleWorkerTests : IDisposable
{
    private static readonly UnixNanos Start = UnixNanos.From(new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero));

    private readonly TemporaryFolder _root = new();

    private string Vault => _root["vault"];

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task What_is_sealed_last_becomes_candles_before_the_worker_ends()
    {
        var (config, faults) = ConfigReader.Read(ConfigTemplate.Write(Vault, ["BTCUSDT"], endpoint: null), _root.Path);
        Assert.Empty(faults);
        VaultMarking.Ensure(Vault);
        Record(seconds: 200);
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var seals = 0;
        await new SealingWorker(config!, DiskFiles.Instance, NullLogger.Instance, TimeProvider.System, "tests").RunAsync(_ => seals++, stop.Token);
        Assert.Equal(1, seals);
        Assert.True(File.Exists(_root["vault", "data", "binance", "BTCUSDT", "1m", "2026-11-20.parquet"]));
        Assert.True(File.Exists(_root["vault", "quality", "candles.state"]));
    }

    private void Record(int seconds)
    {
        var time = new FakeTime(Start.ToDateTimeOffset());
        using var tape = TapeWriter.Open(DiskFiles.Instance, _root["vault", "tape"], new TapeOptions { ReserveBytes = 16 << 10 }, time, new Random(5),
            new OwnerInfo("tests", 1, Start));
        void Add(RecordKind kind, long connection, ReadOnlySpan<byte> payload) => tape.Append(kind, connection, UnixNanos.From(time.GetUtcNow()), payload);
        Add(RecordKind.Note, 0, new StartedNote("tests", 1, ["binance"]).ToJson());
        Add(RecordKind.Note, 1, new ConnectedNote("binance", "market", 0, "", "", [new NotedStream("aggTrade", "BTCUSDT", "btcusdt@aggTrade")]).ToJson());
        Add(RecordKind.Note, 1, new AcknowledgedNote(1, 0, 1).ToJson());
        Span<byte> tick = stackalloc byte[Tick.Bytes];
        for (var second = 0; second < seconds; second++)
        {
            var now = UnixNanos.From(time.GetUtcNow()).Value;
            new Tick(now, now, Absent.Integer).Write(tick);
            Add(RecordKind.Tick, 0, tick);
            Add(RecordKind.Frame, 1, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""
                {"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":{{now / 1_000_000}},"a":{{second + 1}},"s":"BTCUSDT","p":"100","q":"1","f":1,"l":1,"T":{{now / 1_000_000}},"m":true} }
                """)));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        tape.Commit();
    }
}
