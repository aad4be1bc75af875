using System.Net.WebSockets;
using System.Text.Json;
using Tape.Simulator.Binance;
using Tape.Simulator.Journal;
using Tape.Simulator.Market;
using Tape.Simulator.Tests.Support;
using Tape.TestKit.Time;

namespace Tape.Simulator.Tests.Binance;

public class ProtocolTests
{
    [Fact]
    public async Task Subscribed_streams_are_acknowledged_and_deliver_wrapped_frames()
    {
        await using var simulator = await Sim.StartAsync();
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, "/market/stream");
        await client.SubscribeAsync(1, "btcusdt@aggTrade", "ethusdt@aggTrade");
        await client.AnswerAsync(1);
        var frame = await client.ReceiveUntilAsync(text => text.StartsWith("{\"stream\":\"ethusdt@aggTrade\"", StringComparison.Ordinal));
        Assert.Equal("ETHUSDT", JsonDocument.Parse(frame).RootElement.GetProperty("data").GetProperty("s").GetString());
    }

    [Theory]
    [InlineData("/public/ws/btcusdt@bookTicker", false)]
    [InlineData("/public/stream?streams=btcusdt@bookTicker/ethusdt@bookTicker", true)]
    [InlineData("/ws/btcusdt@bookTicker", false)]
    [InlineData("/stream?streams=btcusdt@bookTicker", true)]
    [InlineData("/market/ws/btcusdt@aggTrade", false)]
    public async Task Streams_named_in_the_url_flow_at_once(string path, bool isWrapped)
    {
        await using var simulator = await Sim.StartAsync();
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, path);
        Assert.StartsWith(isWrapped ? "{\"stream\":" : "{\"e\":", await client.ReceiveAsync());
    }

    [Theory]
    [InlineData("/public/stream", "btcusdt@aggTrade")]
    [InlineData("/market/stream", "btcusdt@bookTicker")]
    [InlineData("/stream", "btcusdt@aggTrade")]
    [InlineData("/public/stream", "BTCUSDT@bookTicker")]
    [InlineData("/public/stream", "nosuch@bookTicker")]
    [InlineData("/private/stream", "btcusdt@bookTicker")]
    public async Task A_wrong_route_or_name_is_acknowledged_and_silent(string path, string name)
    {
        await using var simulator = await Sim.StartAsync();
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, path);
        await client.SubscribeAsync(1, name);
        Assert.Equal("""{"result":null,"id":1}""", await client.ReceiveAsync());
        await using (var witness = await SimClient.ConnectAsync(simulator.Endpoint,
            "/public/stream?streams=btcusdt@bookTicker")) await witness.ReceiveManyAsync(
            50);
        await client.SendAsync("""{"method":"LIST_SUBSCRIPTIONS","id":"x"}""");
        Assert.Equal($$"""{"result":["{{name}}"],"id":"x"}""", await client.ReceiveAsync());
    }

    [Fact]
    public async Task A_stream_that_is_unsubscribed_stops()
    {
        await using var simulator = await Sim.StartAsync();
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, "/public/ws/btcusdt@bookTicker");
        await client.ReceiveManyAsync(3);
        await client.SendAsync("""{"method":"UNSUBSCRIBE","params":["btcusdt@bookTicker"],"id":2}""");
        await client.AnswerAsync(2);
        await using (var witness = await SimClient.ConnectAsync(simulator.Endpoint, "/public/ws/btcusdt@bookTicker")) await witness.ReceiveManyAsync(50);
        await client.SendAsync("""{"method":"LIST_SUBSCRIPTIONS","id":3}""");
        Assert.Equal("""{"result":[],"id":3}""", await client.ReceiveAsync());
    }

    [Fact]
    public async Task Combined_mode_is_a_property()
    {
        await using var simulator = await Sim.StartAsync();
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, "/public/ws");
        await client.SendAsync("""{"method":"SET_PROPERTY","params":["combined",true],"id":1}""");
        await client.SubscribeAsync(2, "btcusdt@bookTicker");
        await client.ReceiveUntilAsync(text => text.StartsWith("{\"stream\":", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{", "null")]
    [InlineData("[]", "null")]
    [InlineData("{\"id\":5}", "5")]
    [InlineData("{\"method\":\"SUBSCRIBE\",\"id\":5}", "5")]
    [InlineData("{\"method\":\"SUBSCRIBE\",\"params\":[1],\"id\":5}", "5")]
    [InlineData("{\"method\":\"DANCE\",\"id\":\"a\"}", "\"a\"")]
    [InlineData("{\"method\":\"SUBSCRIBE\",\"params\":[\"x\"],\"id\":1.5}", "null")]
    public async Task A_malformed_request_gets_error_2(string request, string id)
    {
        await using var simulator = await Sim.StartAsync();
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, "/public/ws");
        await client.SendAsync(request);
        var answer = await client.ReceiveAsync();
        Assert.StartsWith("{\"error\":{\"code\":2,\"msg\":\"Invalid", answer);
        Assert.EndsWith($"\"id\":{id}}}", answer);
    }

    [Fact]
    public async Task Stream_1024_is_taken_and_stream_1025_ends_the_connection()
    {
        await using var simulator = await Sim.StartAsync();
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, "/public/ws");
        await client.SubscribeAsync(1, [.. Enumerable.Range(0, 1024).Select(i => $"s{i}@trade")]);
        Assert.Equal("""{"result":null,"id":1}""", await client.ReceiveAsync());
        await client.SubscribeAsync(2, "s1@trade");
        Assert.Equal("""{"result":null,"id":2}""", await client.ReceiveAsync());
        await client.SubscribeAsync(3, "s1024@trade");
        Assert.Equal("""{"error":{"code":4,"msg":"Too many subscriptions"},"id":3}""", await client.ReceiveAsync());
        Assert.Null(await client.ReceiveAsync());
        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "Invalid request"), (client.CloseStatus, client.CloseReason));
        await client.CloseAsync();
        Assert.Equal(ConnectionEnd.TooManyStreams, (await Sim.StopAsync(simulator)).End);
    }

    [Fact]
    public async Task More_than_ten_messages_in_a_second_end_the_connection()
    {
        await using var simulator = await Sim.StartAsync();
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, "/public/ws");
        for (var i = 0; i < 11; i++) await client.SendAsync("""{"method":"LIST_SUBSCRIPTIONS","id":1}""");
        await client.ReceiveToEndAsync();
        Assert.Equal(10, client.Received.Count);
        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "Too many requests"), (client.CloseStatus, client.CloseReason));
    }

    [Fact]
    public async Task Connections_beyond_the_limit_of_five_minutes_are_told_when_to_come_again()
    {
        await using var simulator = await Sim.StartAsync(new BinanceSimulatorOptions { ConnectsMax = 3 });
        for (var count = 0; count < 3; count++) await (await SimClient.ConnectAsync(simulator.Endpoint, "/market/ws/btcusdt@markPrice@1s")).DisposeAsync();
        using var refused = await RawClient.ConnectAsync(simulator.Endpoint, "/market/ws/btcusdt@markPrice@1s");
        Assert.StartsWith("HTTP/1.1 429", refused.Head);
        var seconds = int.Parse(refused.Head.Split("Retry-After: ")[1].Split('\r')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(seconds, 270, 300);
    }

    [Fact]
    public async Task The_server_pings_with_the_time_in_ms_and_a_pong_keeps_the_connection()
    {
        await using var simulator = await Sim.StartAsync(
            new BinanceSimulatorOptions { PingEvery = TimeSpan.FromMilliseconds(30), PongWithin = TimeSpan.FromSeconds(10), InboundPerSecondMax = 1000 });
        using var client = await RawClient.ConnectAsync(simulator.Endpoint, "/public/ws");
        for (var i = 0; i < 5; i++)
        {
            var (first, payload) = await client.ReceiveAsync();
            Assert.Equal(0x89, first);
            Assert.InRange(long.Parse(payload, System.Globalization.CultureInfo.InvariantCulture), 1_700_000_000_000, 9_999_999_999_999);
            await client.SendAsync(RawClient.Frame(0x8A, payload));
        }
    }

    [Fact]
    public async Task Without_a_pong_the_connection_ends()
    {
        await using var simulator = await Sim.StartAsync(
            new BinanceSimulatorOptions { PingEvery = TimeSpan.FromMilliseconds(20), PongWithin = TimeSpan.FromMilliseconds(100) });
        using var client = await RawClient.ConnectAsync(simulator.Endpoint, "/public/ws");
        Assert.Equal(1008, await client.CloseCodeAsync());
        Assert.Equal(ConnectionEnd.NoPong, (await Sim.StopAsync(simulator)).End);
    }

    [Fact]
    public async Task A_connection_ends_at_its_lifetime()
    {
        await using var simulator = await Sim.StartAsync(new BinanceSimulatorOptions { Lifetime = TimeSpan.FromMilliseconds(100) });
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, "/public/ws/btcusdt@bookTicker");
        await client.ReceiveToEndAsync();
        await client.CloseAsync();
        Assert.Equal(ConnectionEnd.Lifetime, (await Sim.StopAsync(simulator)).End);
    }

    [Fact]
    public async Task Data_comes_before_a_delayed_acknowledgement()
    {
        await using var simulator = await Sim.StartAsync(new BinanceSimulatorOptions { FramesPerSecond = 500, AnswerDelay = TimeSpan.FromMilliseconds(100) });
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, "/public/ws");
        await client.SubscribeAsync(1, "btcusdt@bookTicker");
        await client.AnswerAsync(1);
        Assert.True(client.Received.Count > 1);
    }

    [Fact]
    public async Task A_symbol_that_is_not_ascii_is_served_by_url_and_by_request()
    {
        await using var simulator = await Sim.StartAsync(new BinanceSimulatorOptions { FramesPerSecond = 500, Symbols = SymbolSpec.First(11) });
        await using var one = await SimClient.ConnectAsync(simulator.Endpoint, $"/market/stream?streams={Uri.EscapeDataString("牛来usdt@aggTrade")}");
        await using var two = await SimClient.ConnectAsync(simulator.Endpoint, "/market/stream");
        await two.SubscribeAsync(1, "牛来usdt@aggTrade");
        await one.ReceiveUntilAsync(text => text.Contains("\"s\":\"牛来USDT\"", StringComparison.Ordinal));
        await two.ReceiveUntilAsync(text => text.Contains("\"s\":\"牛来USDT\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_never_reads_does_not_keep_the_simulator_from_stopping()
    {
        var simulator = await Sim.StartAsync(new BinanceSimulatorOptions { FramesPerSecond = 50_000, CloseWithin = TimeSpan.FromMilliseconds(200) });
        using var silent = await RawClient.ConnectAsync(simulator.Endpoint, "/public/ws/btcusdt@bookTicker");
        using var limit = new CancellationTokenSource(Patience.Max);
        while (simulator.Status.FramesMade < 40_000) await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        await simulator.DisposeAsync().AsTask().WaitAsync(limit.Token);
        Assert.NotNull(simulator.Journal.Connections[0].ClosedAt);
    }

    [Fact]
    public async Task Two_connections_get_the_same_frames()
    {
        await using var simulator = await Sim.StartAsync();
        await using var one = await SimClient.ConnectAsync(simulator.Endpoint, "/market/ws/btcusdt@aggTrade");
        await using var two = await SimClient.ConnectAsync(simulator.Endpoint, "/market/ws/btcusdt@aggTrade");
        var frame = await two.ReceiveAsync();
        await one.ReceiveUntilAsync(text => text == frame);
    }

    [Fact]
    public async Task What_a_client_receives_is_what_the_journal_says()
    {
        var file = new MemoryStream();
        var journal = SimulatorJournal.ToStream(file);
        await using var simulator = await Sim.StartAsync(new BinanceSimulatorOptions { FramesPerSecond = 20_000, PingEvery = TimeSpan.FromMilliseconds(200) },
            journal);
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, "/public/stream");
        await client.SubscribeAsync(1, "btcusdt@bookTicker", "btcusdt@depth@100ms", "ethusdt@trade");
        await client.ReceiveManyAsync(20_000);
        var end = client.ReceiveToEndAsync();
        await simulator.DisposeAsync();
        await end;
        var connection = SimulatorJournal.Read(new MemoryStream(file.ToArray())).Connections[0];
        var result = JournalComparison.Compare(connection, client.Stored());
        Assert.True(result is { IsCleanInside: true, MissingAtEnd: 0 } && result.Matched == client.Received.Count, result.ToString());
        Assert.Equal(ConnectionEnd.Stopped, connection.End);
        Assert.True(connection.Entries.Zip(connection.Entries.Skip(1)).All(pair => pair.First.SentAtNanos <= pair.Second.SentAtNanos));
    }

    [Fact]
    public async Task A_client_that_vanishes_is_noticed()
    {
        await using var simulator = await Sim.StartAsync();
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, "/public/ws/btcusdt@bookTicker");
        await client.ReceiveManyAsync(5);
        client.Abort();
        await using (var witness = await SimClient.ConnectAsync(simulator.Endpoint, "/public/ws/btcusdt@bookTicker")) await witness.ReceiveManyAsync(200);
        Assert.Equal(ConnectionEnd.ClientGone, (await Sim.StopAsync(simulator)).End);
    }

    [Fact]
    public async Task A_reader_that_does_not_read_is_closed_and_not_waited_for()
    {
        await using var simulator = await Sim.StartAsync(
            new BinanceSimulatorOptions { FramesPerSecond = 50_000, SendBufferBytesMax = 4 << 20, CloseWithin = TimeSpan.FromMilliseconds(200) });
        using var client = await RawClient.ConnectAsync(simulator.Endpoint, "/public/ws/btcusdt@bookTicker");
        using var limit = new CancellationTokenSource(Patience.Max);
        while (simulator.Journal.Connections[0].ClosedAt is null) await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        Assert.Equal(ConnectionEnd.SlowReader, simulator.Journal.Connections[0].End);
    }

    [Fact]
    public async Task A_full_journal_stops_the_simulator_with_a_reason()
    {
        await using var simulator = await Sim.StartAsync(new BinanceSimulatorOptions { FramesPerSecond = 5000 }, SimulatorJournal.InMemory(entriesMax: 100));
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, "/public/ws/btcusdt@bookTicker");
        await client.ReceiveToEndAsync();
        await Assert.ThrowsAsync<Tape.Core.Errors.TapeException>(() => simulator.Completion.WaitAsync(client.Limit));
    }
}
