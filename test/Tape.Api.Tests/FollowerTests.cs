using Tape.Api.Live;
using Tape.Core.Values;
using Tape.Derive.Sealing;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Seals;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Files;
using Tape.TestKit.Time;
using Tape.TestKit.Vaults;
using Tape.Venues;

namespace Tape.Api.Tests;

/// <summary>What the server knows of a vault does not depend on where it began to read.</summary>
public sealed class FollowerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTime _time = new();

    private string Vault => _folder["vault"];

    [Fact]
    public async Task Totals_are_those_of_the_whole_vault_though_old_seals_are_not_read_again()
    {
        SmallMarket.Record(DiskFiles.Instance, Vault, 0, 100, TimeSpan.FromSeconds(1));
        await SealAsync();
        SmallMarket.Record(DiskFiles.Instance, Vault, 2000, 2050, TimeSpan.FromSeconds(1));
        await SealAsync();
        SmallMarket.Record(DiskFiles.Instance, Vault, 2050, 2060, TimeSpan.FromSeconds(1));
        var follower = Follow();
        var trades = follower.Totals().Single(stream => stream is { Channel: "aggTrade", Symbol: "ETHUSDT" });
        Assert.Equal(160, trades.Frames);
        Assert.Equal(SmallMarket.Start.Value, trades.FirstReceived);
        Assert.Equal(SmallMarket.Start.Add(TimeSpan.FromSeconds(2059)).Value, trades.LastReceived);
        Assert.Equal(60, follower.Look().Snapshot.Streams.Single(stream => stream.Key == new StreamKey("binance", "aggTrade", "ETHUSDT")).Frames);
    }

    [Fact]
    public async Task Totals_and_the_last_minutes_are_the_same_when_seals_of_them_went_into_an_archive()
    {
        for (var part = 0; part < 4; part++)
        {
            SmallMarket.Record(DiskFiles.Instance, Vault, part * 20, part * 20 + 20, TimeSpan.FromSeconds(part < 2 ? 30 : 1));
            await SealAsync();
        }

        var before = Follow();
        using (var log = SealLog.Open(DiskFiles.Instance, Vault, new OwnerInfo("tests", 1, SmallMarket.Start)))
        {
            foreach (var day in log.Committed.SelectMany(seal => seal.Files).Select(file => file.Day).Distinct().Order().ToList()) PaperMerge.Fold(log, day);
            Assert.True(log.Shorten());
            Assert.Single(log.Committed);
        }

        var after = Follow();
        Assert.Equal(before.Totals(), after.Totals());
        Assert.Equal(before.Look().Snapshot.Streams, after.Look().Snapshot.Streams);
    }

    [Fact]
    public void Many_holes_of_a_stream_make_a_recording_DEGRADED_and_are_told_by_the_minute()
    {
        using (var tape = new Support.ScriptedTape(Vault, _time))
        {
            tape.Start().Tick().Say("READY");
            for (var hole = 0; hole < RecentGaps.ManyOfOne; hole++)
                tape.Connect().Trades(3).Later(20).Tick().Note(new DisconnectedNote("connection_lost", "", 3, 300), hole + 1).Later(10).Tick();
            tape.Connect().Trades(3).Later(1).Tick().Say("READY");
        }

        var look = Follow().Look();
        Assert.Null(look.GapsFault);
        Assert.Equal((RecentGaps.ManyOfOne, 0), (look.Gaps!.Count, look.Gaps.Open));
        var sign = RecorderHealth.Judge(look, UnixNanos.From(_time.GetUtcNow()));
        Assert.Equal("DEGRADED", sign.Report.Name);
        Assert.Contains("binance aggTrade BTCUSDT (5)", Assert.Single(sign.Report.Why), StringComparison.Ordinal);
        Assert.True(sign.IsRecording);
    }

    public void Dispose() => _folder.Dispose();

    private VaultFollower Follow()
    {
        var follower = new VaultFollower(DiskFiles.Instance, Vault, _time);
        follower.ReadToEnd(CancellationToken.None);
        return follower;
    }

    private async Task SealAsync()
    {
        using var sealer = Sealer.Open(DiskFiles.Instance, Vault, new SealLimits(), VenueCatalog.Find, _time, new OwnerInfo("tests", 1, SmallMarket.Start));
        await sealer.RunAsync(_ => { }, new CancellationToken(canceled: true));
    }
}
