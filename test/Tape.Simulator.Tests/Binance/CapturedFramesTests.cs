using System.IO.Hashing;
using System.Text;
using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Simulator.Binance;
using Tape.Simulator.Journal;
using Tape.Simulator.Replay;
using Tape.Simulator.Serving;
using Tape.Simulator.Tests.Support;
using Tape.TestKit.Venues;

namespace Tape.Simulator.Tests.Binance;

public sealed class CapturedFramesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tape-sim-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Frames_are_merged_by_receive_time_and_what_is_no_frame_is_left_out()
    {
        Write("aggTrade.x.jsonl", """{"stream":"a@aggTrade","data":{"n":1}}""", """{"stream":"a@aggTrade","data":{"n":3}}""");
        Write("aggTrade.x.rx", "100.5", "100.7");
        Write("bookTicker.x.jsonl", """{"e":"bookTicker","n":2}""", """{"result":null,"id":1}""", "{cut off");
        Write("bookTicker.x.rx", "100600000000", "100600000000", "100600000000");
        Write("rest-depth.x.jsonl", """{"e":"depthUpdate"}""");
        Write("control.x.jsonl", """{"e":"depthUpdate"}""");
        var frames = CapturedFrames.Load([_folder.FullName], new BinanceChannels()).Frames;
        Assert.Equal([("aggTrade", 0L), ("bookTicker", 100_000_000), ("aggTrade", 200_000_000)], frames.Select(frame => (frame.Kind, frame.OffsetNanos)));
    }

    [Fact]
    public void A_folder_without_frames_is_refused() => Assert.Throws<TapeException>(() => CapturedFrames.Load([_folder.FullName], new BinanceChannels()));

    [Fact]
    public void A_missing_path_is_refused() =>
        Assert.Throws<TapeException>(() => CapturedFrames.Load([Path.Combine(_folder.FullName, "none")], new BinanceChannels()));

    [Theory]
    [InlineData("btcusdt@depth20@100ms", "depth")]
    [InlineData("!forceOrder@arr", "forceOrder")]
    [InlineData("!bookTicker", "bookTicker")]
    [InlineData("btcusdt@kline_1m", "kline")]
    [InlineData("123", null)]
    public void Stream_names_belong_to_channels(string name, string? kind) => Assert.Equal(kind, new BinanceChannels().OfStream(name));

    [Fact]
    public void A_lane_waits_while_nobody_listens_and_nothing_is_lost()
    {
        Write("trade.x.jsonl", [.. Enumerable.Range(0, 10).Select(i => Line(i))]);
        var source = new CapturedSource(CapturedFrames.Load([_folder.FullName], new BinanceChannels()), new BinanceChannels(), 10, loop: false);
        var (sink, stream) = (new Sink(), source.Find("zzz@trade")!);
        Assert.Null(source.Find("zzz@aggTrade"));
        source.SetActive(stream, true, new UnixNanos(0));
        source.Advance(new UnixNanos(450_000_000), sink);
        source.SetActive(stream, false, new UnixNanos(450_000_000));
        source.Advance(new UnixNanos(900_000_000_000), sink);
        Assert.Equal(5, sink.Frames.Count);
        source.SetActive(stream, true, new UnixNanos(900_000_000_000));
        for (var i = 0; i < 100; i++) source.Advance(new UnixNanos(900_000_000_000 + i * UnixNanos.PerSecond), sink);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => Line(i)), sink.Frames);
    }

    [CapturesFact]
    public async Task Captured_frames_reach_a_client_byte_for_byte()
    {
        var captured = CapturedFrames.Load([Path.Combine(Captures.Folder!, "binance-usdm")], new BinanceChannels());
        Assert.InRange(captured.Count, 20_000, 25_000);
        await using var simulator = await Sim.StartAsync(new BinanceSimulatorOptions { Captured = captured, LoopCaptured = false, FramesPerSecond = 100_000 });
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, "/public/stream");
        await client.SubscribeAsync(1, "btcusdt@bookTicker", "btcusdt@depth@100ms", "btcusdt@trade");
        var expected = captured.Frames.Where(frame => frame.Kind is "bookTicker" or "depth" or "trade")
            .Select(frame => XxHash64.HashToUInt64(frame.Bytes)).ToHashSet();
        await client.ReceiveManyAsync(expected.Count);
        expected.ExceptWith(client.Received.Select(frame => XxHash64.HashToUInt64(frame)));
        Assert.InRange(expected.Count, 0, 1); // the acknowledgement took one place
    }

    private static string Line(int number) => $"{{\"stream\":\"a@trade\",\"data\":{{\"n\":{number}}}}}";

    private void Write(string name, params string[] lines) =>
        File.WriteAllText(Path.Combine(_folder.FullName, name), string.Concat(lines.Select(line => line + "\n")));

    private sealed class Sink : IFrameSink
    {
        public List<string> Frames { get; } = [];

        public void Deliver(SimulatedStream stream, ReadOnlySpan<byte> data, bool isWhole) => Frames.Add(Encoding.UTF8.GetString(data));
    }
}
