using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Tape.Simulator.Journal;
using Tape.Simulator.Tests.Support;

namespace Tape.Simulator.Tests.Binance;

public class FaultTests
{
    private const string Quotes = "/public/ws/btcusdt@bookTicker";

    [Theory]
    [InlineData("frame 50 cut", ConnectionEnd.FaultCut)]
    [InlineData("frame 50 reset", ConnectionEnd.FaultReset)]
    public async Task A_cut_ends_the_connection_without_a_close_frame(string fault, ConnectionEnd end)
    {
        await using var simulator = await Sim.StartAsync(fault);
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, Quotes);
        await client.ReceiveToEndAsync();
        Assert.Null(client.CloseStatus);
        var connection = await Sim.StopAsync(simulator);
        Assert.Equal((end, 49L), (connection.End, connection.Counts.Messages));
        Assert.True(JournalComparison.Compare(connection, client.Stored()).IsCleanInside);
        if (end == ConnectionEnd.FaultCut) Assert.Equal(49, client.Received.Count);
    }

    [Fact]
    public async Task A_cut_inside_a_frame_gives_the_client_part_of_it()
    {
        await using var simulator = await Sim.StartAsync("frame 50 cut-inside");
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, Quotes);
        await client.ReceiveToEndAsync();
        Assert.Equal(49, client.Received.Count);
        var connection = await Sim.StopAsync(simulator);
        Assert.Equal(JournalEntryKind.Partial, connection.Entries[^1].Kind);
        Assert.Equal(49, JournalComparison.Compare(connection, client.Stored()).Matched);
    }

    [Theory]
    [InlineData("frame 50 stall for=300ms")]
    [InlineData("frame 50 stall-inside for=300ms")]
    public async Task A_stall_delays_and_loses_nothing(string fault)
    {
        await using var simulator = await Sim.StartAsync(fault);
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, Quotes);
        await client.ReceiveManyAsync(300);
        var end = client.ReceiveToEndAsync();
        var connection = await Sim.StopAsync(simulator);
        await end;
        var result = JournalComparison.Compare(connection, client.Stored());
        Assert.True(result is { IsCleanInside: true, MissingAtEnd: 0 }, result.ToString());
        var pauses = connection.Entries.Zip(connection.Entries.Skip(1), (a, b) => b.SentAt.Since(a.SentAt));
        Assert.Contains(pauses, pause => pause > TimeSpan.FromMilliseconds(250));
    }

    [Fact]
    public async Task A_muted_stream_is_answered_and_says_nothing_while_its_siblings_go_on()
    {
        await using var simulator = await Sim.StartAsync("mute stream=btcusdt@bookTicker for=10m");
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, "/public/stream");
        await client.SubscribeAsync(1, "btcusdt@bookTicker", "ethusdt@bookTicker");
        await client.AnswerAsync(1);
        await client.ReceiveManyAsync(50);
        Assert.DoesNotContain(client.Received, frame => Encoding.UTF8.GetString(frame).Contains("btcusdt", StringComparison.Ordinal));
        Assert.True((await Sim.StopAsync(simulator)).Counts.Skipped > 0);
    }

    [Fact]
    public async Task Long_requests_are_passed_over_and_short_ones_are_heard()
    {
        await using var simulator = await Sim.StartAsync("ignore over=60 for=10m");
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, "/public/stream");
        await client.SubscribeAsync(1, "btcusdt@bookTicker", "ethusdt@bookTicker");
        await client.SubscribeAsync(2);
        Assert.Contains("\"id\":2", await client.ReceiveUntilAsync(text => text.Contains("\"id\":", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Single(client.Received);
    }

    [Fact]
    public async Task An_unanswered_request_is_taken_all_the_same()
    {
        await using var simulator = await Sim.StartAsync("unanswered for=10m");
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, "/public/stream");
        await client.SubscribeAsync(1, "btcusdt@bookTicker");
        await client.ReceiveManyAsync(20);
        Assert.DoesNotContain(client.Received, frame => Encoding.UTF8.GetString(frame).Contains("\"id\":1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dropped_frames_are_journaled_as_skipped_and_never_sent()
    {
        await using var simulator = await Sim.StartAsync("frame 10 drop n=3");
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, "/market/ws/btcusdt@aggTrade");
        await client.ReceiveManyAsync(20);
        var ids = client.Received.Select(Id("a")).ToList();
        Assert.Equal([4L], ids.Zip(ids.Skip(1), (a, b) => b - a).Where(step => step != 1));
        var connection = await Sim.StopAsync(simulator);
        Assert.Equal(3, connection.Entries.Skip(9).Take(3).Count(entry => entry.Kind == JournalEntryKind.Skipped));
        Assert.True(JournalComparison.Compare(connection, client.Stored()).IsCleanInside);
    }

    [Fact]
    public async Task A_drop_can_be_for_one_stream()
    {
        await using var simulator = await Sim.StartAsync("frame 1 drop n=1000000 stream=btcusdt@aggTrade");
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, "/market/stream?streams=btcusdt@aggTrade/ethusdt@aggTrade");
        await client.ReceiveManyAsync(30);
        Assert.All(client.Received, frame => Assert.Contains("ETHUSDT", Encoding.UTF8.GetString(frame)));
    }

    [Fact]
    public async Task Duplicates_come_twice()
    {
        await using var simulator = await Sim.StartAsync("frame 10 duplicate n=2");
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, "/market/ws/btcusdt@aggTrade");
        await client.ReceiveManyAsync(20);
        var ids = client.Received.Select(Id("a")).ToList();
        Assert.Equal([0, 1, 0], ids.Zip(ids.Skip(1), (a, b) => b - a).Skip(9).Take(3));
        Assert.True(JournalComparison.Compare(await Sim.StopAsync(simulator), client.Stored()).IsCleanInside);
    }

    [Fact]
    public async Task A_reordered_frame_comes_later()
    {
        await using var simulator = await Sim.StartAsync("frame 10 reorder n=2");
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, "/market/ws/btcusdt@aggTrade");
        await client.ReceiveManyAsync(20);
        var ids = client.Received.Select(Id("a")).ToList();
        Assert.Equal([2, 1, -2, 3], ids.Zip(ids.Skip(1), (a, b) => b - a).Skip(8).Take(4));
        Assert.True(JournalComparison.Compare(await Sim.StopAsync(simulator), client.Stored()).IsCleanInside);
    }

    [Fact]
    public async Task Garbage_is_a_message_like_others()
    {
        await using var simulator = await Sim.StartAsync("frame 10 garbage\nframe 12 garbage kind=binary");
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, Quotes);
        await client.ReceiveManyAsync(20);
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(client.Received[9]));
        var connection = await Sim.StopAsync(simulator);
        Assert.Equal(2, connection.Entries.Count(entry => entry.Kind == JournalEntryKind.Garbage));
        Assert.True(JournalComparison.Compare(connection, client.Stored()).IsCleanInside);
    }

    [Theory]
    [InlineData("frame 10 garbage kind=frame")]
    [InlineData("frame 10 garbage kind=utf8")]
    public async Task Garbage_in_the_framing_makes_the_client_leave(string fault)
    {
        await using var simulator = await Sim.StartAsync(fault);
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, Quotes);
        await client.ReceiveToEndAsync();
        Assert.InRange(client.Received.Count, 9, 10);
        Assert.NotEqual(WebSocketState.Open, client.State);
    }

    [Fact]
    public async Task A_close_by_script_has_its_code()
    {
        await using var simulator = await Sim.StartAsync("frame 10 close code=1012");
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, Quotes);
        await client.ReceiveToEndAsync();
        Assert.Equal(1012, (int?)client.CloseStatus);
        await client.CloseAsync();
        Assert.Equal(ConnectionEnd.FaultClose, (await Sim.StopAsync(simulator)).End);
    }

    [Fact]
    public async Task A_fault_is_for_its_connection_only()
    {
        await using var simulator = await Sim.StartAsync("frame 10 cut conn=market");
        await using var one = await SimClient.ConnectAsync(simulator.Endpoint, "/market/ws/btcusdt@aggTrade");
        await using var other = await SimClient.ConnectAsync(simulator.Endpoint, Quotes);
        await one.ReceiveToEndAsync();
        Assert.Equal(9, one.Received.Count);
        await other.ReceiveManyAsync(30);
    }

    [Fact]
    public async Task A_timed_fault_repeats_on_every_new_connection()
    {
        await using var simulator = await Sim.StartAsync("every 100ms cut");
        for (var i = 0; i < 3; i++)
        {
            await using var client = await SimClient.ConnectAsync(simulator.Endpoint, Quotes);
            await client.ReceiveToEndAsync();
            Assert.Null(client.CloseStatus);
        }
        await simulator.DisposeAsync();
        Assert.Equal(3, simulator.Journal.Connections.Count);
        Assert.All(simulator.Journal.Connections, connection => Assert.Equal(ConnectionEnd.FaultCut, connection.End));
    }

    [Fact]
    public async Task A_slow_connection_loses_nothing_until_its_buffer_is_full()
    {
        await using var simulator = await Sim.StartAsync("frame 5 slow rate=20000 for=300ms", rate: 1000);
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, Quotes);
        await client.ReceiveManyAsync(500);
        Assert.True(JournalComparison.Compare(await Sim.StopAsync(simulator), client.Stored()).IsCleanInside);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(418)]
    [InlineData(451)]
    public async Task Handshakes_are_refused_for_a_while_with_the_status_asked_for(int status)
    {
        await using var simulator = await Sim.StartAsync($"0s refuse for=1h status={status} conn=public");
        await using (var market = await SimClient.ConnectAsync(simulator.Endpoint, "/market/ws/btcusdt@aggTrade")) await market.ReceiveManyAsync(1);
        using var refused = await RawClient.ConnectAsync(simulator.Endpoint, Quotes);
        Assert.StartsWith($"HTTP/1.1 {status}", refused.Head);
        Assert.Contains("Retry-After: 1", refused.Head);
    }

    [Fact]
    public async Task A_skewed_clock_stands_in_frames_while_it_lasts()
    {
        await using var simulator = await Sim.StartAsync("skew by=-1h for=2s");
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, Quotes);
        var first = await client.ReceiveAsync();
        Assert.NotNull(first);
        Assert.True(Behind(first) > TimeSpan.FromMinutes(59), first);
        await client.ReceiveUntilAsync(text => Behind(text) < TimeSpan.FromMinutes(1));
    }

    private static TimeSpan Behind(string frame) =>
        TimeProvider.System.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(JsonDocument.Parse(frame).RootElement.GetProperty("E").GetInt64());

    private static Func<byte[], long> Id(string name) => frame => JsonDocument.Parse(frame).RootElement.GetProperty(name).GetInt64();
}
