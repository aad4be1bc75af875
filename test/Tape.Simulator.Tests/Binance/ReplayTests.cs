using System.Text;
using System.Text.Json;
using Tape.Core.Values;
using Tape.Simulator.Binance;
using Tape.Simulator.Replay;
using Tape.Simulator.Serving;
using Tape.Simulator.Tests.Support;
using Tape.Storage.Answers;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Tapes;
using Tape.TestKit.Files;
using Tape.TestKit.Vaults;

namespace Tape.Simulator.Tests.Binance;

/// <summary>A recorded tape served again.</summary>
public sealed class ReplayTests : IDisposable
{
    private const int Steps = 40;

    private readonly TemporaryFolder _vault = new();

    public ReplayTests() => SmallMarket.Record(DiskFiles.Instance, _vault.Path, 0, Steps, TimeSpan.FromSeconds(1));

    private string Folder => _vault["tape"];

    public void Dispose() => _vault.Dispose();

    [Fact]
    public async Task Clients_of_the_protocol_get_the_recorded_frames_of_their_streams_byte_for_byte_in_order()
    {
        await using var simulator = await Sim.StartAsync(new BinanceSimulatorOptions { Replay = new ReplayOptions(Folder, Speed: null) });
        await using var market = await SimClient.ConnectAsync(simulator.Endpoint, "/market/stream");
        await using var quotes = await SimClient.ConnectAsync(simulator.Endpoint, "/public/stream");
        await market.SubscribeAsync(1, "btcusdt@aggTrade", "ethusdt@aggTrade", "btcusdt@markPrice@1s");
        await quotes.SubscribeAsync(1, "ethusdt@bookTicker");
        await market.ReceiveManyAsync(1 + 2 * Steps + Steps / 10);
        await quotes.ReceiveManyAsync(1 + Steps);
        Assert.Equal(Recorded("btcusdt@aggTrade", "ethusdt@aggTrade", "btcusdt@markPrice@1s"), market.Received.Skip(1).Select(Encoding.UTF8.GetString));
        Assert.Equal(Recorded("ethusdt@bookTicker"), quotes.Received.Skip(1).Select(Encoding.UTF8.GetString));
    }

    [Fact]
    public async Task A_client_of_a_single_stream_gets_its_frames_without_the_wrapping()
    {
        await using var simulator = await Sim.StartAsync(new BinanceSimulatorOptions { Replay = new ReplayOptions(Folder, Speed: null) });
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, "/public/ws/btcusdt@bookTicker");
        await client.ReceiveManyAsync(Steps);
        Assert.Equal(Recorded("btcusdt@bookTicker"), client.Received.Select(frame => $$"""{"stream":"btcusdt@bookTicker","data":{{Encoding.UTF8.GetString(frame)}}}"""));
    }

    [Fact]
    public async Task Clients_get_the_symbols_of_the_tape_as_the_instrument_list()
    {
        using var list = JsonDocument.Parse(await InstrumentListAsync());
        var symbols = list.RootElement.GetProperty("symbols").EnumerateArray().ToList();
        Assert.Equal(["BTCUSDT", "ETHUSDT"], symbols.Select(symbol => symbol.GetProperty("symbol").GetString()));
        Assert.Equal(("BTC", "USDT", "PERPETUAL"),
            (symbols[0].GetProperty("baseAsset").GetString(), symbols[0].GetProperty("quoteAsset").GetString(),
            symbols[0].GetProperty("contractType").GetString()));
    }

    [Fact]
    public async Task The_last_list_on_the_answers_log_is_served_as_the_venue_sent_it()
    {
        using (var answers = AnswersWriter.Open(DiskFiles.Instance, _vault.Path, TimeProvider.System, new Random(1), new OwnerInfo("test", 1, default)))
        {
            foreach (var (request, status, body) in new[] { ("instruments", 200, "first"), ("instruments", 200, """{"symbols":[],"as":"recorded"}"""), ("instruments", 429, "refused"), ("time", 200, "{}") })
                answers.Append(new AnswerHead("binance", request, "https://venue/list", status, 1, 2), Encoding.UTF8.GetBytes(body));
        }

        Assert.Equal("""{"symbols":[],"as":"recorded"}""", await InstrumentListAsync());
    }

    private async Task<string> InstrumentListAsync()
    {
        await using var simulator = await Sim.StartAsync(new BinanceSimulatorOptions { Replay = new ReplayOptions(Folder) });
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri(simulator.RestEndpoint, "/fapi/v1/exchangeInfo"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Frames_come_at_their_pace_after_a_second_and_wait_while_nobody_listens(double speed)
    {
        using var source = new ReplaySource(new ReplayOptions(Folder, speed), new BinanceChannels());
        var stream = source.Find("btcusdt@bookTicker")!;
        var sink = new Sink();
        var now = new UnixNanos(1_800_000_000_000_000_000);
        source.Advance(now, sink);
        source.SetActive(stream, true, now);
        source.Advance(now.Add(TimeSpan.FromMilliseconds(999)), sink);
        Assert.Equal(0, sink.Frames);
        now = now.Add(TimeSpan.FromSeconds(1));
        source.Advance(now, sink);
        Assert.Equal(1, sink.Frames);
        source.Advance(now.Add(TimeSpan.FromSeconds(9 / speed)), sink);
        Assert.Equal(10, sink.Frames);
        source.SetActive(stream, false, now);
        source.Advance(now.Add(TimeSpan.FromHours(1)), sink);
        Assert.Equal(10, sink.Frames);
        source.SetActive(stream, true, now.Add(TimeSpan.FromHours(1)));
        source.Advance(now.Add(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1 + 4 / speed)), sink);
        Assert.Equal(15, sink.Frames);
    }

    [Fact]
    public void A_long_silence_on_the_tape_is_shortened_to_ten_seconds()
    {
        SmallMarket.Record(DiskFiles.Instance, _vault.Path, 5000, 5001, TimeSpan.FromSeconds(1));
        using var source = new ReplaySource(new ReplayOptions(Folder), new BinanceChannels());
        var sink = new Sink();
        var now = new UnixNanos(1_800_000_000_000_000_000);
        source.SetActive(source.Find("btcusdt@aggTrade")!, true, now);
        for (var second = 0; second <= 1 + Steps + 10; second++) source.Advance(now.Add(TimeSpan.FromSeconds(second)), sink);
        Assert.Equal(Steps + 1, sink.Frames);
    }

    private List<string> Recorded(params string[] streams)
    {
        var frames = new List<string>();
        using var reader = TapeReader.Open(DiskFiles.Instance, Folder);
        while (reader.TryRead(out var record))
            if (record.Kind == RecordKind.Frame && Encoding.UTF8.GetString(record.Payload) is var text
                && streams.Any(stream => text.Contains($"\"{stream}\"", StringComparison.Ordinal)))
                frames.Add(text);
        return frames;
    }

    private sealed class Sink : IFrameSink
    {
        public int Frames { get; private set; }

        public void Deliver(SimulatedStream stream, ReadOnlySpan<byte> data, bool isWhole) => Frames++;
    }
}
