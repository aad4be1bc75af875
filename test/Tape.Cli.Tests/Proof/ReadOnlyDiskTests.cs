using Tape.Host;
using Tape.Storage.Files;
using Tape.TestKit.Files;
using Tape.TestKit.Processes;
using Tape.TestKit.Vaults;

namespace Tape.Cli.Tests.Proof;

/// <summary>A vault on a disk that takes no change, such as a mounted backup.</summary>
public sealed class ReadOnlyDiskTests : IDisposable
{
    private readonly TemporaryFolder _root = new(onDisk: true);

    [TmpfsFact]
    public void Everything_that_reads_works_and_everything_that_writes_says_why_it_does_not()
    {
        using var disk = new SmallDisk(_root["disk"], kibibytes: 32 << 10);
        var vault = Path.Combine(disk.Path, "vault");
        SmallMarket.Record(DiskFiles.Instance, vault, 0, 100, TimeSpan.FromSeconds(1));
        Assert.Equal(ExitCode.Ok, Tape("seal", "--vault", vault).Status);
        SmallMarket.Record(DiskFiles.Instance, vault, 100, 120, TimeSpan.FromSeconds(1));
        disk.MakeReadOnly();
        Assert.Throws<IOException>(() => File.WriteAllText(Path.Combine(disk.Path, "x"), ""));

        string[][] readers =
        [
            ["query", "SELECT count(*) FROM trades"], ["sanity", "--deep"], ["log", "ls"], ["log", "show", "--limit", "3"], ["log", "verify"],
                ["path", "trades", "binance", "2026-11-20"],
            ["last", "BTCUSDT"], ["disk"], ["derive", "--verify"], ["export", "--table", "trades", "--symbol", "BTCUSDT", "--out", _root["trades.csv"]],
        ];
        foreach (var arguments in readers)
        {
            var (status, output, error) = Tape([.. arguments, "--vault", vault]);
            Assert.True(status == ExitCode.Ok, $"{string.Join(' ', arguments)}: {status} {output} {error}");
        }

        Assert.Contains("240", Tape("query", "SELECT count(*) FROM trades", "--vault", vault).Output, StringComparison.Ordinal);
        Assert.Equal(121, File.ReadLines(_root["trades.csv"]).Count());
        File.WriteAllText(_root["tape.yaml"], $"vault: {vault}\nvenues:\n  binance:\n    symbols: [BTCUSDT]\n    endpoint: ws://127.0.0.1:1\n");
        foreach (var arguments in (string[][])[["collect", "--plain", "--config", _root["tape.yaml"]], ["seal", "--vault", vault],
            ["derive", "--from", "2026-01-01", "--vault", vault]])
        {
            var (status, _, error) = Tape(arguments);
            Assert.True(status == ExitCode.Failed, $"{string.Join(' ', arguments)}: {status} {error}");
            Assert.Contains("ead-only file system", error, StringComparison.Ordinal);
            Assert.Contains(vault, error, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _root.Dispose();

    private (int Status, string Output, string Error) Tape(params string[] arguments) => TapeProcess.Run(_root.Path, "", arguments);
}
