using Tape.Host;
using Tape.Storage.Files;
using Tape.TestKit.Files;
using Tape.TestKit.Processes;
using Tape.TestKit.Vaults;

namespace Tape.Cli.Tests.Proof;

/// <summary>The time zone of the machine, or of whoever types, changes nothing on the disk and nothing that is printed.</summary>
public sealed class TimeZoneTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    [Fact]
    public void Every_command_prints_and_writes_the_same_in_Tokyo_and_in_New_York()
    {
        var tokyo = Outputs("Asia/Tokyo");
        Assert.Equal(Outputs("America/New_York"), tokyo);
        Assert.Contains("date=2026-11-20", string.Join('\n', tokyo), StringComparison.Ordinal);
    }

    public void Dispose() => _root.Dispose();

    /// <summary>All that commands print about a vault that was sealed in a zone, and the names and parts that are in it.</summary>
    private List<string> Outputs(string zone)
    {
        var folder = _root[zone.Replace('/', '-')];
        var vault = Path.Combine(folder, "vault");
        // A minute before midnight in UTC, so that a day by any other zone would show.
        SmallMarket.Record(DiskFiles.Instance, vault, 0, 100, TimeSpan.FromSeconds(1));
        string[][] commands =
        [
            ["seal"], ["query", "SELECT ts_recv, ts_event, symbol, price FROM trades ORDER BY tape_seq, idx LIMIT 5"],
                ["query", "--format", "csv", "SELECT ts_recv, date_trunc('day', ts_recv) AS day FROM trades ORDER BY tape_seq, idx"],
            ["log", "show"], ["log", "ls", "--json"], ["path", "trades", "binance", "2026-11-20"], ["path", "trades", "binance", "2026-11-21", "--list"],
            ["query", "--from", "2026-11-21", "SELECT count(*) FROM trades"], ["sanity", "--deep", "--json"],
                ["log", "show", "--from", "2026-11-21T00:00:05", "--limit", "4"],
        ];
        var outputs = new List<string>();
        foreach (var command in commands)
        {
            var (status, output, error) = TapeProcess.RunIn(folder, new() { ["TZ"] = zone }, "", [.. command, "--vault", "vault"]);
            Assert.True(status == ExitCode.Ok, $"{string.Join(' ', command)}: {error}");
            outputs.Add(output.Replace(folder, "", StringComparison.Ordinal));
        }

        outputs.AddRange(Directory.GetFiles(Path.Combine(vault, "raw"), "*", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) != "owner.json")
            .Order(StringComparer.Ordinal)
            .Select(path => $"{Path.GetRelativePath(vault, path)} "
                + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))));
        return outputs;
    }
}
