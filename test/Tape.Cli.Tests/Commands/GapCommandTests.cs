using System.CommandLine;
using System.Text;
using System.Text.Json;
using Tape.Api.Documents;
using Tape.Bench;
using Tape.Cli.Commands;
using Tape.Core.Errors;
using Tape.Derive.Sealing;
using Tape.Host;
using Tape.Query.Engine;
using Tape.Query.Output;
using Tape.Query.Snapshots;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Files;
using Tape.TestKit.Time;
using Tape.TestKit.Vaults;
using Tape.Venues;

namespace Tape.Cli.Tests.Commands;

/// <summary>
/// tape gaps and tape streams over a vault with two runs and a hole between, of which the second run is not sealed; and the bench of planted holes.
/// </summary>
public sealed class GapCommandTests : IDisposable
{
    private readonly TemporaryFolder _vault = new();

    public GapCommandTests()
    {
        SmallMarket.Record(DiskFiles.Instance, _vault.Path, 0, 30, TimeSpan.FromSeconds(1));
        using (var sealer = Sealer.Open(DiskFiles.Instance, _vault.Path, new SealLimits(), VenueCatalog.Find, new FakeTime(),
            new OwnerInfo("tests", 1, SmallMarket.Start, null)))
            sealer.Advance(_ => { }, all: true);
        SmallMarket.Record(DiskFiles.Instance, _vault.Path, 40, 60, TimeSpan.FromSeconds(1));
    }

    public void Dispose() => _vault.Dispose();

    [Fact]
    public void Gaps_says_what_is_missing_and_why()
    {
        var gaps = Json("gaps", "--json");
        Assert.Equal(12, gaps.Count);
        Assert.All(gaps, gap => Assert.Equal("our_stop", gap.GetProperty("cause").GetString()));
        var trades = gaps.Where(gap => gap.GetProperty("channel").GetString() == "aggTrade"
            && gap.GetProperty("id_from").ValueKind != JsonValueKind.Null).ToList();
        Assert.All(trades, gap => Assert.Equal((30, 39, 10),
            (gap.GetProperty("id_from").GetInt64(), gap.GetProperty("id_to").GetInt64(), gap.GetProperty("missing").GetInt64())));
        Assert.Equal(["BTCUSDT", "ETHUSDT"], trades.Select(gap => gap.GetProperty("symbol").GetString()));
        Assert.Equal(6, gaps.Count(gap => gap.GetProperty("to_time").ValueKind == JsonValueKind.Null));
    }

    [Fact]
    public void A_gap_is_the_same_object_here_in_SQL_and_over_HTTP()
    {
        var snapshot = TapeSnapshot.Take(DiskFiles.Instance, _vault.Path, default);
        using var engine = QueryEngine.Open(snapshot, default, new QueryLimits(), SmallMarket.Start, null, CancellationToken.None);
        string[] columns;
        using (var rows = engine.Run("SELECT * FROM gaps")) columns = [.. rows.Columns.Select(column => column.Name)];
        using var answer = new MemoryStream();
        using (var rows = engine.Run("SELECT * FROM gaps")) RowWriters.WriteAll(rows, RowWriters.Create("ndjson", answer, null, _ => { }));
        var asked = Encoding.UTF8.GetString(answer.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var said = Run("gaps", "--json", "--vault", _vault.Path).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(12, said.Length);
        Assert.Equal(asked.Order(StringComparer.Ordinal), said.Order(StringComparer.Ordinal));
        Assert.Equal(columns, JsonDocument.Parse(said[0]).RootElement.EnumerateObject().Select(field => field.Name));
        foreach (var line in said) Assert.Equal(line, JsonSerializer.Deserialize<GapDocument>(line, GapDocument.Options)!.ToJson());
    }

    [Fact]
    public void An_instrument_over_HTTP_has_the_columns_of_its_view()
    {
        using var engine = QueryEngine.Open(TapeSnapshot.Take(DiskFiles.Instance, _vault.Path, default), default, new QueryLimits(), SmallMarket.Start, null,
            CancellationToken.None);
        using var rows = engine.Run("SELECT * FROM instruments");
        Assert.Equal(rows.Columns.Select(column => column.Name),
            typeof(InstrumentDocument).GetProperties().Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)));
    }

    [Fact]
    public void Gaps_are_filtered_and_made_again()
    {
        Assert.Single(Json("gaps", "--json", "--symbol", "ETHUSDT", "--to", "2026-11-20T23:59:35Z", "--cause", "our_stop", "--rebuild"),
            gap => gap.GetProperty("channel").GetString() == "aggTrade");
        Assert.Empty(Json("gaps", "--json", "--cause", "dropped_here"));
        Assert.Contains("binance", Assert.Throws<UnknownNameException>(() => Json("gaps", "--json", "--venue", "okx")).Hint, StringComparison.Ordinal);
        Assert.NotEmpty(Root().Parse(["gaps", "--cause", "bad_luck"]).Errors);
        var (exit, text) = Run("gaps", "--vault", _vault.Path);
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Contains("binance aggTrade BTCUSDT", text, StringComparison.Ordinal);
        Assert.Contains("30..39", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recorder_that_never_connected_is_no_recorder_without_gaps()
    {
        using var other = new TemporaryFolder();
        using (var tape = TapeWriter.Open(DiskFiles.Instance, other["tape"], new TapeOptions { ReserveBytes = 16 << 10 }, new FakeTime(), new Random(1),
            new OwnerInfo("tests", 1, SmallMarket.Start, null)))
        {
            tape.Append(RecordKind.Note, 0, SmallMarket.Start, new StartedNote("tests", 1, ["binance"]).ToJson());
            tape.Commit();
        }

        var (exit, text) = Run("gaps", "--vault", other.Path);
        Assert.Equal(ExitCode.Findings, exit);
        Assert.Contains("No stream was ever received: the tape has 1 records", text, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Findings, ""), Run("gaps", "--vault", other.Path, "--json"));
    }

    [Fact]
    public void Streams_shows_what_each_brought_and_how_it_stands()
    {
        var stream = Assert.Single(Json("streams", "--json"),
            stream => stream.GetProperty("channel").GetString() == "aggTrade" && stream.GetProperty("symbol").GetString() == "BTCUSDT");
        Assert.Equal((50, 50, 2, 10),
            (stream.GetProperty("frames").GetInt64(), stream.GetProperty("rows").GetInt64(), stream.GetProperty("gaps").GetInt64(),
            stream.GetProperty("missing").GetInt64()));
        Assert.Equal("down", stream.GetProperty("state").GetString());
        Assert.Equal(48.0 / 59, stream.GetProperty("coverage").GetDouble(), 6);
        Assert.Contains("binance bookTicker ETHUSDT", Run("streams", "--vault", _vault.Path).Text, StringComparison.Ordinal);
    }

    private List<JsonElement> Json(params string[] arguments) =>
        [.. Run([.. arguments, "--vault", _vault.Path]).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)];

    private static (int Exit, string Text) Run(params string[] arguments)
    {
        var output = new StringWriter();
        var exit = Root().Parse(arguments).Invoke(new InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false });
        return (exit, output.ToString());
    }

    private static RootCommand Root() => [GapsCommand.Create(), StreamsCommand.Create()];
}
