using System.IO.Compression;
using System.Runtime.CompilerServices;
using Tape.Cli.Tests.Commands;
using Tape.Derive.Retention;
using Tape.Host;
using Tape.Query.Sanity;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Retention;
using Tape.TestKit.Files;
using Tape.TestKit.Processes;
using Tape.TestKit.Time;
using Tape.TestKit.Vaults;
using Tape.Venues;

namespace Tape.Cli.Tests.Proof;

/// <summary>
/// A vault that a program wrote before columns were added to v1: 2 × 8 trades of type <c>NA</c> among its rows, candles that made none. It opens, verifies, is
/// added to, merged and expired as any other.
/// </summary>
public sealed class FirstLayoutTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public FirstLayoutTests() => ZipFile.ExtractToDirectory(Golden(), Vault);

    private string Vault => _root["vault"];

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task It_is_sound_and_columns_that_came_later_are_null_in_its_rows_and_not_in_new_ones()
    {
        Assert.Empty(Findings());
        Assert.Equal("8,0,0", Ask("SELECT count(*) FILTER (flags = 'NA'), count(qty_ex_rpi), count(*) FILTER (seq IS NOT NULL) FROM trades, "
            + "(SELECT max(seq) AS seq FROM book)"));
        Assert.Equal("0,0", Ask("SELECT count(funding_interval_s) + count(settled_rate), (SELECT count(avg_price) FROM liquidations) FROM funding"));
        Assert.Equal("0", Ask("SELECT count(*) FROM venue_candles"));
        SmallMarket.Record(DiskFiles.Instance, Vault, 400, 420, TimeSpan.FromSeconds(1));
        await Succeed("seal");
        Assert.Equal("40", Ask("SELECT count(qty_ex_rpi) FROM trades"));
        Assert.Empty(Findings());
    }

    [Fact]
    public async Task Its_days_are_merged_with_new_parts_row_for_row()
    {
        SmallMarket.Record(DiskFiles.Instance, Vault, 400, 420, TimeSpan.FromSeconds(1));
        // A day is finished once something of the next one is sealed.
        SmallMarket.Record(DiskFiles.Instance, Vault, 90_000, 90_002, TimeSpan.FromSeconds(1));
        await Succeed("seal");
        var before = Ask("SELECT count(*), sum(price), count(qty_ex_rpi), sum(hash(trade_id)) FROM trades");
        await Succeed("compact");
        Assert.Single(Directory.GetFiles(Path.Combine(Vault, "raw", "v1", "trades", "venue=binance", "date=2026-11-21"), "part-day-*.parquet"));
        Assert.Equal(before, Ask("SELECT count(*), sum(price), count(qty_ex_rpi), sum(hash(trade_id)) FROM trades"));
        Assert.Empty(Findings());
    }

    [Fact]
    public async Task Its_tape_expires_once_its_rows_are_verified_by_the_rules_that_made_them()
    {
        var rows = Ask("SELECT count(*) FROM trades");
        using (var retention = TapeRetention.Open(DiskFiles.Instance, Vault, new ExpiryRules { KeepBytes = 1 },
            new RangeVerifier(DiskFiles.Instance, Vault, VenueCatalog.Find), new FakeTime(), Pace.Full, new OwnerInfo("tests", 1, SmallMarket.Start, null)))
        {
            await retention.AdvanceAsync(_ => { }, CancellationToken.None);
            Assert.NotNull(retention.History.LastExpired);
        }

        Assert.Equal(rows, Ask("SELECT count(*) FROM trades"));
        Assert.Empty(Findings());
    }

    [Fact]
    public async Task Derived_again_it_has_what_this_program_makes_of_its_tape()
    {
        await Succeed("derive", "--from", "2026-11-01");
        Assert.Equal("0,40", Ask("SELECT count(*) FILTER (flags = 'NA'), count(qty_ex_rpi) FROM trades"));
        Assert.Equal("40,28800,0.00015", Ask("SELECT (SELECT count(*) FROM venue_candles), max(funding_interval_s), max(settled_rate) FROM funding"));
        Assert.Equal("40", Ask("SELECT count(avg_price) FROM liquidations"));
        Assert.Equal("37019", Ask("SELECT max(seq) FROM book"));
        Assert.Empty(Findings());
    }

    private IReadOnlyList<string> Findings() => new SanityCheck(DiskFiles.Instance, Vault).Run(deep: true, _ => { }, CancellationToken.None).Findings;

    private async Task Succeed(params string[] command)
    {
        var (status, output) = await InProcess.RunAsync([.. command, "--vault", Vault]);
        Assert.True(status == ExitCode.Ok, output);
    }

    private string Ask(string sql)
    {
        var (status, output, error) = TapeProcess.Run(_root.Path, "", "query", sql, "--format", "csv", "--vault", Vault);
        Assert.True(status == ExitCode.Ok, error);
        return output.Split('\n')[1];
    }

    private static string Golden([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "Golden", "vault-layout1.zip");
}
