using Tape.Collect.Tests.Support;
using Tape.Core.Errors;
using Tape.Core.Health;
using Tape.Simulator.Binance;
using Tape.Simulator.Faults;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Files;
using Tape.TestKit.Vaults;
using Tape.Venues.Contract;

namespace Tape.Collect.Tests;

/// <summary>The whole recorder against the simulator: every message that was sent is stored, declared dropped, or under way when a connection ended.</summary>
public sealed class RecorderTests : RecorderHarness
{
    [Fact]
    public async Task A_run_with_an_orderly_end_stores_every_frame_in_order()
    {
        await StartAsync(new BinanceSimulatorOptions { FramesPerSecond = 5000 });
        await UntilAsync(() => Recorder!.Status is { Frames: > 5000, Report.State: RecorderState.Ready }, "5000 frames and READY");
        var proof = await ProveAsync();
        Assert.Equal(0, proof.Unexplained);
        Assert.Equal(0, proof.Dropped);
        Assert.True(proof.Stored > 5000);
        Assert.Equal(["collector_start", "ws_connect", "ws_connect"],
            Log.All.Select(line => line.GetProperty("event").GetString()!).Where(name => name is "collector_start" or "ws_connect"));
        Assert.Equal("collector_stop", Log.All[^1].GetProperty("event").GetString());
    }

    [Fact]
    public async Task A_damaged_seal_log_stops_no_recording_and_is_said()
    {
        ForgedLog.Put(Folder["vault", "raw", "seals.log"], """{"entry":"seal","id":1}""", """{"entry":"commit","id":1}""");
        await StartAsync(new BinanceSimulatorOptions { FramesPerSecond = 2000 });
        await UntilAsync(() => Recorder!.Status is { Frames: > 500, Report.State: RecorderState.Ready }, "500 frames and READY");
        Assert.Equal(0, (await ProveAsync()).Unexplained);
        Assert.Contains("seals.log", Assert.Single(Log.Named("seal_log_damaged")).GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cuts_stalls_garbage_and_refusals_leave_nothing_unexplained()
    {
        var faults = FaultScript.Parse(
            "every 500ms cut conn=market\nevery 700ms reset conn=public\nevery 900ms cut-inside\nevery 100 frames garbage kind=text\n1s refuse for=500ms "
            + "status=429\nevery 300 frames duplicate\n2s close code=1011");
        await StartAsync(new BinanceSimulatorOptions { FramesPerSecond = 3000, Faults = faults });
        await UntilAsync(() => Log.Named("ws_disconnect").Count >= 8 && Log.Named("ws_connect_failed").Count >= 1, "eight ends and a refusal");
        var proof = await ProveAsync();
        Assert.True(proof.Unexplained == 0, string.Join("; ", proof.Faults));
        Assert.Contains("429", Log.Named("ws_connect_failed")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task When_storage_stands_still_drops_are_declared_at_their_place_and_nothing_is_unexplained()
    {
        var files = new SlowFiles(DiskFiles.Instance);
        await StartAsync(new BinanceSimulatorOptions { FramesPerSecond = 10_000 }, files, options => options with { QueueBytes = 1 << 20 });
        await UntilAsync(() => Recorder!.Status is { Frames: > 1000 }, "it records");
        for (var time = 0; time < 3; time++)
        {
            files.Hold();
            var seen = Log.Named("queue_full_drop").Count;
            await UntilAsync(() => Log.Named("queue_full_drop").Count > seen, "frames are dropped");
            files.Release();
            var frames = Recorder!.Status!.Frames;
            await UntilAsync(() => Recorder.Status!.Frames > frames + 5000, "it goes on");
        }

        await UntilAsync(() => Recorder!.Status!.Report.State == RecorderState.Degraded, "drops make it DEGRADED");
        var dropped = Recorder!.Status!.Dropped;
        var proof = await ProveAsync();
        Assert.True(proof.Unexplained == 0, string.Join("; ", proof.Faults));
        Assert.True(proof.Dropped >= dropped && dropped > 0, $"{proof.Dropped} by notes, {dropped} counted");
        Assert.Contains(Recorder.Status.Streams, stream => stream.Dropped > 0);
    }

    [Fact]
    public async Task A_full_disk_pauses_the_recording_and_it_resumes_with_nothing_unexplained()
    {
        var files = new FaultyFiles(Folder.Path, seed: 5);
        await StartAsync(new BinanceSimulatorOptions { FramesPerSecond = 5000 }, files, options => options with { QueueBytes = 1 << 20 });
        await UntilAsync(() => Recorder!.Status is { Frames: > 1000 }, "it records");
        files.CapacityBytes = files.UsedBytes + 100_000;
        await UntilAsync(() => Recorder!.Status is { Report.State: RecorderState.Error, Dropped: > 1000 }, "it pauses and drops");
        Assert.Contains("paused", Recorder!.Status!.Report.Why[0]);
        files.CapacityBytes = null;
        var frames = Recorder.Status!.Frames;
        await UntilAsync(() => Recorder.Status is { Report.State: not RecorderState.Error } status && status.Frames > frames + 5000, "it resumes");
        var proof = await ProveAsync();
        Assert.True(proof.Unexplained == 0, string.Join("; ", proof.Faults));
        Assert.True(proof.Dropped > 1000);
        var notes = StoredRecord.ReadAll(DiskFiles.Instance, TapeFolder).Select(record => record.Note).ToList();
        Assert.Contains(notes, note => note is PausedNote);
        Assert.Contains(notes, note => note is ResumedNote);
    }

    [Fact]
    public async Task Stopping_while_the_disk_is_full_ends_with_a_clear_error_and_frees_the_tape()
    {
        var files = new FaultyFiles(Folder.Path, seed: 6);
        await StartAsync(new BinanceSimulatorOptions { FramesPerSecond = 2000 }, files, options => options with { StopWithin = TimeSpan.FromSeconds(1) });
        await UntilAsync(() => Recorder!.Status is { Frames: > 500 }, "it records");
        files.CapacityBytes = files.UsedBytes;
        await UntilAsync(() => Recorder!.Status is { Report.State: RecorderState.Error }, "it pauses");
        await StopSource.CancelAsync();
        var fault = await Assert.ThrowsAsync<TapeException>(() => Running);
        Assert.Contains("could not be written", fault.Message);
        files.CapacityBytes = null;
        TapeWriter.Open(files, TapeFolder, new TapeOptions(), TimeProvider.System, new Random(1), new OwnerInfo("next", 1, default)).Dispose();
    }

    [Fact]
    public async Task A_second_recorder_on_the_same_vault_is_told_who_owns_it()
    {
        await StartAsync(new BinanceSimulatorOptions { FramesPerSecond = 100 });
        await UntilAsync(() => Recorder!.Status is { Frames: > 10 }, "it records");
        var second = Create(DiskFiles.Instance, options => options);
        var fault = await Assert.ThrowsAsync<OwnedElsewhereException>(() => second.RunAsync(StopSource.Token));
        Assert.Contains("tape collect", fault.Message);
        var proof = await ProveAsync();
        Assert.Equal(0, proof.Unexplained);
    }

    [Fact]
    public async Task A_stream_on_the_wrong_route_is_acknowledged_silent_unproven_and_named()
    {
        var venue = new MisroutedVenue();
        await StartAsync(new BinanceSimulatorOptions { FramesPerSecond = 500 }, venue: venue);
        await UntilAsync(() => Recorder!.Status?.Streams.Any(stream => stream.Health == StreamHealth.Unproven) == true, "the stream is unproven");
        var status = Recorder!.Status!;
        Assert.Equal(RecorderState.Degraded, status.Report.State);
        Assert.Contains(status.Report.Why, why => why.Contains("btcusdt@markPrice@1s", StringComparison.Ordinal));
        var proof = await ProveAsync();
        Assert.Equal(0, proof.Unexplained);
        Assert.Contains(StoredRecord.ReadAll(DiskFiles.Instance, TapeFolder), record => record.Note is AcknowledgedNote { Streams: > 0 });
        Assert.Contains(Log.Named("state_change"), line => line.GetProperty("to").GetString() == "DEGRADED");
    }

    [Fact]
    public async Task Pings_of_the_venue_are_answered()
    {
        await StartAsync(new BinanceSimulatorOptions
        {
            FramesPerSecond = 100,
            PingEvery = TimeSpan.FromMilliseconds(200),
            PongWithin = TimeSpan.FromSeconds(5)
        });
        await UntilAsync(() => Recorder!.Status is { UptimeSeconds: > 7 }, "it lived through many pings");
        Assert.Empty(Log.Named("ws_disconnect"));
        Assert.Equal(0, (await ProveAsync()).Unexplained);
    }

    /// <summary>Asks for mark prices on the route of the quotes, and is impatient about it.</summary>
    private sealed class MisroutedVenue : IVenue
    {
        public string Name => StorageLoopRig.Venue.Name;

        public IReadOnlyList<ChannelInfo> Channels => StorageLoopRig.Venue.Channels;

        public IReadOnlyList<string> Check(SubscriptionRequest request) => [];

        public FrameDecoder CreateDecoder() => StorageLoopRig.Venue.CreateDecoder();

        public IReadOnlyList<ConnectionPlan> Plan(SubscriptionRequest request)
        {
            var plans = StorageLoopRig.Venue.Plan(request);
            return [plans[0], plans[1] with { Url = plans[0].Url,
                Streams = [.. plans[1].Streams.Select(stream => stream with { FirstDataWithin = TimeSpan.FromSeconds(2) })] }];
        }
    }
}
