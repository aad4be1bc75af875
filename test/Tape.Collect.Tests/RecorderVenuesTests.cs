using System.Text;
using Tape.Collect.Health;
using Tape.Collect.Tests.Support;
using Tape.Core.Events;
using Tape.Core.Health;
using Tape.Simulator.Replay;
using Tape.Storage.Files;
using Tape.Storage.Tapes;
using Tape.Venues.Contract;

namespace Tape.Collect.Tests;

/// <summary>The whole recorder against the simulators of Bybit and OKX: what was sent is on the tape, and its decoder knows all of it.</summary>
public sealed class RecorderVenuesTests : RecorderHarness
{
    [Theory]
    [InlineData("bybit")]
    [InlineData("okx")]
    public async Task All_channels_are_acknowledged_and_speak_and_every_frame_is_stored(string name)
    {
        var simulated = SimulatedVenue.Of(name);
        Start(await simulated.StartAsync("", 2000, null), simulated.Venue, simulated.Symbols, simulated.Channels);
        await UntilAsync(() => Recorder!.Status is { Report.State: RecorderState.Ready } status
            && status.Streams.All(stream => stream.Frames > 0 || IsSparse(stream.Key.Channel)), "every stream spoke and READY");
        var proof = await ProveAsync();
        Assert.True(proof is { Unexplained: 0, Dropped: 0 }, string.Join("; ", proof.Faults));
        var outcomes = Outcomes(simulated.Venue);
        Assert.Equal(0, outcomes.GetValueOrDefault(FrameOutcome.Undecodable) + outcomes.GetValueOrDefault(FrameOutcome.Refused));
        Assert.True(outcomes[FrameOutcome.Acknowledged] > 0 && outcomes[FrameOutcome.Events] > 500, string.Join(", ", outcomes));
    }

    /// <summary>Bybit refuses a whole request for one topic that it does not know.</summary>
    [Fact]
    public async Task A_symbol_that_the_venue_does_not_know_is_refused_alone()
    {
        var simulated = SimulatedVenue.Of("bybit");
        Start(await simulated.StartAsync("", 2000, null), simulated.Venue, ["BTCUSDT", "GONEUSDT"], simulated.Channels);
        await UntilAsync(() => Recorder!.Status is { } status && status.Streams.All(stream => stream.Key.Symbol == "GONEUSDT"
            ? stream.Health == StreamHealth.Refused : stream.Frames > 0 || IsSparse(stream.Key.Channel)), "the known symbol speaks, the other is refused");
        var report = Recorder!.Status!.Report;
        Assert.Equal(RecorderState.Degraded, report.State);
        Assert.Contains(report.Why, why => why.Contains("GONEUSDT: code ", StringComparison.Ordinal)
            && why.Contains("handler not found", StringComparison.Ordinal));
        var proof = await ProveAsync();
        Assert.True(proof is { Unexplained: 0, Dropped: 0 }, string.Join("; ", proof.Faults));
        var channels = simulated.Channels.Count;
        var asked = StoredRecord.ReadAll(DiskFiles.Instance, TapeFolder).Count(record => record.Kind == RecordKind.Sent);
        Assert.InRange(asked, channels, 4 * channels + 2);
        Assert.Equal(channels, Outcomes(simulated.Venue)[FrameOutcome.Refused] - RefusedBatches(simulated.Venue));
    }

    [Theory]
    [InlineData("binance", "depth", "btcusdt@depth@100ms", "UNSUBSCRIBE")]
    [InlineData("bybit", "orderbook.50", "orderbook.50.BTCUSDT", "unsubscribe")]
    [InlineData("okx", "books", "books:BTC-USDT-SWAP", "unsubscribe")]
    public async Task A_stream_that_a_venue_mutes_is_unsubscribed_and_subscribed_and_comes_back(string name, string channel, string wire, string leaves)
    {
        var simulated = SimulatedVenue.Of(name);
        var quotes = name switch { "binance" => "bookTicker", "bybit" => "orderbook.1", _ => "bbo-tbt" };
        Start(await simulated.StartAsync($"3s mute for=6s stream={wire}", 2000, null), new ImpatientVenue(simulated.Venue), simulated.Symbols,
            [channel, quotes]);
        StreamStatus? Muted() => Recorder!.Status?.Streams.FirstOrDefault(stream => stream.Key.Channel.StartsWith(channel, StringComparison.Ordinal)
            && stream.Key.Symbol.StartsWith("BTC", StringComparison.Ordinal));
        await UntilAsync(() => Muted()?.Health == StreamHealth.Live, "it speaks");
        await UntilAsync(() => Muted()?.Health == StreamHealth.Silent && Log.Named("stream_asked_again").Count > 0, "it is silent and asked for again");
        await UntilAsync(() => Muted()?.Health == StreamHealth.Live, "it speaks again");
        var proof = await ProveAsync();
        Assert.True(proof is { Unexplained: 0, Dropped: 0 }, string.Join("; ", proof.Faults));
        Assert.Equal(wire, Log.Named("stream_asked_again")[0].GetProperty("stream").GetString());
        var sent = StoredRecord.ReadAll(DiskFiles.Instance, TapeFolder).Where(record => record.Kind == RecordKind.Sent).Select(record => record.Text).ToList();
        Assert.Contains(sent, text => text.Contains(leaves, StringComparison.Ordinal));
        Assert.Equal(0, Outcomes(simulated.Venue).GetValueOrDefault(FrameOutcome.Refused));
    }

    [Theory]
    [InlineData("bybit", "orderbook.50", "orderbook.50.BTCUSDT")]
    [InlineData("okx", "books", "books:BTC-USDT-SWAP")]
    public async Task A_book_that_the_venue_left_changes_out_of_gets_a_new_snapshot(string name, string channel, string wire)
    {
        var simulated = SimulatedVenue.Of(name);
        Start(await simulated.StartAsync($"3s drop n=1 stream={wire}", 1000, null), simulated.Venue, [simulated.Symbols[0]], [channel]);
        await UntilAsync(() => Log.Named("stream_asked_again").Count > 0, "it is asked for again");
        var asked = Recorder!.Status!.Frames;
        await UntilAsync(() => Recorder!.Status!.Frames > asked + 200, "it goes on");
        var proof = await ProveAsync();
        Assert.True(proof is { Unexplained: 0, Dropped: 0 }, string.Join("; ", proof.Faults));
        Assert.Equal("broken", Log.Named("stream_asked_again").Single().GetProperty("reason").GetString());
        var frames = StoredRecord.ReadAll(DiskFiles.Instance, TapeFolder).Where(record => record.Kind == RecordKind.Frame).ToList();
        Assert.True(frames.Count(frame => frame.Text.Contains("\"snapshot\"", StringComparison.Ordinal)) >= 2);
    }

    [Theory]
    [InlineData("bybit", "linear")]
    [InlineData("okx", "public")]
    public async Task Cuts_garbage_refusals_restarts_and_notices_leave_nothing_unexplained(string name, string route)
    {
        var simulated = SimulatedVenue.Of(name);
        var faults = $"every 600ms cut conn={route}\nevery 900ms cut-inside\nevery 100 frames garbage\nevery 300 frames duplicate\nevery 150 frames drop "
            + $"n=2\n1s refuse for=500ms status=429\nevery 700ms restart\nevery 2s notice for=300ms\nevery 170 frames reorder n=2";
        Start(await simulated.StartAsync(faults, 2000, null), simulated.Venue, simulated.Symbols, simulated.Channels);
        await UntilAsync(() => Log.Named("ws_disconnect").Count >= 4, "four ends");
        var proof = await ProveAsync();
        Assert.True(proof.Unexplained == 0, string.Join("; ", proof.Faults));
        Assert.True(proof.Stored > 100);
    }

    [Fact]
    public async Task An_end_that_OKX_announces_is_no_hole()
    {
        var simulated = SimulatedVenue.Of("okx");
        Start(await simulated.StartAsync("frame 500 notice for=150s", 1000, null), simulated.Venue, simulated.Symbols, ["trades", "bbo-tbt"]);
        await UntilAsync(() => Log.Named("ws_disconnect").Any(line => line.GetProperty("cause").GetString() == "rotation"), "another connection took over");
        var proof = await ProveAsync();
        Assert.True(proof.Unexplained == 0, string.Join("; ", proof.Faults));
        Assert.True(proof.Rotations >= 1);
        Assert.All(Log.Named("ws_disconnect"), line => Assert.Contains(line.GetProperty("cause").GetString(), new[] { "rotation", "our_stop" }));
        Assert.StartsWith("The connection will soon be closed", Log.Named("ws_end_announced")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bybit")]
    [InlineData("okx")]
    public async Task A_replay_of_what_was_recorded_gives_the_same_frames_again(string name)
    {
        var simulated = SimulatedVenue.Of(name);
        Start(await simulated.StartAsync("", 1000, null), simulated.Venue, simulated.Symbols, simulated.Channels);
        await UntilAsync(() => Recorder!.Status is { Frames: > 2000 }, "2000 frames");
        await ProveAsync();
        var first = Streams(simulated.Venue, TapeFolder);
        await using var replay = await simulated.StartAsync("", 1, new ReplayOptions(TapeFolder, Speed: null, AfterStreams: Recorder!.Status!.Streams.Count));
        using var stop = new CancellationTokenSource();
        var request = new SubscriptionRequest(simulated.Symbols, simulated.Channels, replay.Endpoint);
        var recorder = Create(Folder["again"], new VenueRequest(simulated.Venue, request));
        var recording = recorder.RunAsync(stop.Token);
        await UntilAsync(() => recording.IsCompleted
            || (recorder.Status?.Streams.Sum(stream => stream.Frames) ?? 0) >= first.Values.Sum(frames => frames.Count), "all frames came again");
        await stop.CancelAsync();
        await recording;
        var again = Streams(simulated.Venue, Folder["again", "tape"]);
        Assert.Equal(first.Keys.Order(), again.Keys.Order());
        foreach (var (stream, frames) in first) Assert.Equal(frames, again[stream]);
    }

    /// <summary>Refused requests that were for more than one stream.</summary>
    private int RefusedBatches(IVenue venue)
    {
        var records = StoredRecord.ReadAll(DiskFiles.Instance, TapeFolder).ToList();
        var many = records.Where(record => record.Kind == RecordKind.Sent && record.Text.Contains(',', StringComparison.Ordinal)
            && record.Text.Split("args")[^1].Contains(',', StringComparison.Ordinal)).Select(record => record.Text.Split('"')[3]).ToHashSet();
        var (decoder, events) = (venue.CreateDecoder(), new EventBuffer());
        return records.Count(record => record.Kind == RecordKind.Frame && decoder.Decode(record.Payload, events) == FrameOutcome.Refused
            && many.Contains(decoder.Control.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static bool IsSparse(string channel) => channel is "allLiquidation" or "liquidation-orders";

    private Dictionary<FrameOutcome, int> Outcomes(IVenue venue)
    {
        var (decoder, events, outcomes) = (venue.CreateDecoder(), new EventBuffer(), new Dictionary<FrameOutcome, int>());
        foreach (var record in StoredRecord.ReadAll(DiskFiles.Instance, TapeFolder).Where(record => record.Kind == RecordKind.Frame))
        {
            var outcome = decoder.Decode(record.Payload, events);
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        return outcomes;
    }

    private static Dictionary<string, List<string>> Streams(IVenue venue, string tape)
    {
        var (decoder, streams) = (venue.CreateDecoder(), new Dictionary<string, List<string>>());
        foreach (var record in StoredRecord.ReadAll(DiskFiles.Instance, tape).Where(record => record.Kind == RecordKind.Frame))
        {
            var name = Encoding.UTF8.GetString(decoder.StreamName(record.Payload));
            if (name.Length == 0) continue;
            if (!streams.TryGetValue(name, out var frames)) streams[name] = frames = [];
            frames.Add(record.Text);
        }

        return streams;
    }
}
