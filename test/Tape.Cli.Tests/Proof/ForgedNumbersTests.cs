using System.Text.Json.Nodes;
using Tape.Cli.Tests.Commands;
using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Derive.Compaction;
using Tape.Derive.Retention;
using Tape.Derive.Sealing;
using Tape.Host;
using Tape.Query.Engine;
using Tape.Query.Output;
using Tape.Query.Snapshots;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Retention;
using Tape.Storage.Seals;
using Tape.Tables.Compaction;
using Tape.Tables.DuckDb;
using Tape.TestKit.Files;
using Tape.TestKit.Proofs;
using Tape.TestKit.Time;
using Tape.TestKit.Vaults;
using Tape.Venues;

namespace Tape.Cli.Tests.Proof;

/// <summary>
/// A vault from elsewhere: in lines whose checksums are right, values are exchanged for extreme ones, for others of another type, or taken away. Whatever reads
/// the vault answers, or says what is wrong in words.
/// </summary>
public sealed class ForgedNumbersTests : IDisposable
{
    private const int Forgeries = 60;

    private static readonly OwnerInfo Owner = new("tests", 1, SmallMarket.Start, null);

    private static readonly JsonNode?[] Values =
    [
        long.MaxValue, long.MaxValue - 1, long.MinValue, long.MinValue + 1, int.MaxValue, int.MinValue, -1, 0, 1, 1e300, 18446744073709551615UL, "x", "",
            "\ud83d", null,
        "0001-01-01", "9999-12-31", true, new JsonArray(), new JsonObject(), "ffffffffffffffff", "00000000000000000000000000000000",
    ];

    private readonly TemporaryFolder _vault = new();
    private int _refused;

    public ForgedNumbersTests()
    {
        SmallMarket.Record(DiskFiles.Instance, _vault.Path, 0, 150, TimeSpan.FromSeconds(1));
        Seal().Dispose();
        SmallMarket.Record(DiskFiles.Instance, _vault.Path, 160, 400, TimeSpan.FromSeconds(1));
        using (var sealer = Seal())
        {
            var seals = SealLog.Read(DiskFiles.Instance, _vault.Path);
            using var writer = CompactWriter.Open(DiskFiles.Instance, CompactWriter.Limits(_vault.Path));
            using var compactor = DayCompactor.Open(DiskFiles.Instance, _vault.Path, Owner, writer);
            new DayMaker(DiskFiles.Instance, _vault.Path, compactor, writer, sealer.Merge).Run(seals, null, (_, _) => { }, _ => { }, _ => { },
                CancellationToken.None);
        }

        SmallMarket.Record(DiskFiles.Instance, _vault.Path, 410, 420, TimeSpan.FromSeconds(1));
        using var retention = TapeRetention.Open(DiskFiles.Instance, _vault.Path, new ExpiryRules { KeepBytes = 1 },
            new RangeVerifier(DiskFiles.Instance, _vault.Path, VenueCatalog.Find), new FakeTime(), Pace.Full, Owner);
        retention.AdvanceAsync(_ => { }, CancellationToken.None).GetAwaiter().GetResult();
    }

    public void Dispose() => _vault.Dispose();

    [Fact]
    public async Task No_forged_value_ends_a_reading_command_otherwise_than_in_words()
    {
        var logs = new[] { "raw/seals.log", "quality/gaps.log", "quality/gaps.state", "compact/compact.log", "tape/segments.log" }.Select(name => _vault[name])
            .ToList();
        Assert.All(logs, log => Assert.NotEmpty(ForgedLog.Read(log)));
        Assert.Contains("\"expired\"", File.ReadAllText(_vault["tape/segments.log"]), StringComparison.Ordinal);
        Assert.Equal("", string.Join("\n", await FaultsAsync("untouched", mustAnswer: true)));
        var faults = new List<string>();
        foreach (var number in ProofShare.Current.Of(Enumerable.Range(0, Forgeries)))
        {
            var chance = new Random(number);
            var log = logs[number % logs.Count];
            var whole = File.ReadAllBytes(log);
            var what = Forge(log, chance);
            faults.AddRange(await FaultsAsync($"{Path.GetFileName(log)}: {what}", mustAnswer: false));
            File.WriteAllBytes(log, whole);
        }

        Assert.True(_refused > 0, "no forgery was refused");
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    private Sealer Seal()
    {
        var sealer = Sealer.Open(DiskFiles.Instance, _vault.Path, new SealLimits { Rows = 200 }, VenueCatalog.Find, new FakeTime(), Owner);
        sealer.Advance(_ => { }, all: true);
        return sealer;
    }

    private async Task<IReadOnlyList<string>> FaultsAsync(string what, bool mustAnswer)
    {
        var faults = new List<string>();
        foreach (var line in new[] { "gaps", "gaps --json", "streams", "streams --json", "sanity --json", "sanity --deep --json", "disk", "log ls",
            "log verify", "status",
            "path trades binance 2026-11-20", "path --compact trades binance 2026-11-20", "last BTCUSDT" })
            Add(line, await Record.ExceptionAsync(async () =>
                Assert.NotEqual(ExitCode.Usage, (await InProcess.RunAsync([.. line.Split(' '), "--vault", _vault.Path])).Status)));
        foreach (var table in new[] { "gaps", "coverage", "streams", "segments", "trades", "instruments", "trades_compact" })
            Add(table, Record.Exception(() => Ask($"SELECT * FROM {table}")));
        return faults;

        void Add(string question, Exception? fault)
        {
            if (fault is TapeException) _refused++;
            if (fault is not null && (mustAnswer || fault is not TapeException)) faults.Add($"{what}: {question}: {fault}");
        }
    }

    private void Ask(string sql)
    {
        var snapshot = TapeSnapshot.Take(DiskFiles.Instance, _vault.Path, default).WithFinished();
        using var engine = QueryEngine.Open(snapshot, default, new QueryLimits(), SmallMarket.Start, null, CancellationToken.None);
        using var rows = engine.Run(sql);
        RowWriters.WriteAll(rows, RowWriters.Create("csv", Stream.Null, null, _ => { }));
    }

    /// <summary>Changes one value somewhere in a log.</summary>
    private static string Forge(string log, Random chance)
    {
        var lines = ForgedLog.Read(log).ToList();
        var at = chance.Next(lines.Count);
        var root = JsonNode.Parse(lines[at])!;
        var places = Places(root).ToList();
        var (parent, name, index) = places[chance.Next(places.Count)];
        var value = Values[chance.Next(Values.Length)]?.DeepClone();
        var remove = chance.Next(6) == 0;
        if (parent is JsonObject fields && remove) fields.Remove(name!);
        else if (parent is JsonObject others) others[name!] = value;
        else if (remove) ((JsonArray)parent).RemoveAt(index);
        else ((JsonArray)parent)[index] = value;
        lines[at] = root.ToJsonString();
        ForgedLog.Put(log, lines);
        return $"line {at}, {(name ?? $"element {index}")} {(remove ? "taken away" : $"= {value?.ToJsonString() ?? "null"}")}: "
            + $"{lines[at][..Math.Min(300, lines[at].Length)]}";
    }

    private static IEnumerable<(JsonNode Parent, string? Name, int Index)> Places(JsonNode node)
    {
        if (node is JsonObject fields)
            foreach (var (name, value) in fields)
            {
                yield return (node, name, 0);
                if (value is not null)
                    foreach (var place in Places(value)) yield return place;
            }

        if (node is not JsonArray items) yield break;
        for (var index = 0; index < items.Count; index++)
        {
            yield return (node, null, index);
            if (items[index] is { } item)
                foreach (var place in Places(item)) yield return place;
        }
    }
}
