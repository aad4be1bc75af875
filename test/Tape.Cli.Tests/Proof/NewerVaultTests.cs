using System.Buffers.Binary;
using System.Text;
using Tape.Host;
using Tape.Storage.Files;
using Tape.TestKit.Files;
using Tape.TestKit.Processes;
using Tape.TestKit.Vaults;

namespace Tape.Cli.Tests.Proof;

/// <summary>A vault that a newer program wrote.</summary>
public sealed class NewerVaultTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    [Theory]
    [InlineData("collect", "--plain")]
    [InlineData("query", "SELECT 1")]
    [InlineData("sanity")]
    [InlineData("seal")]
    [InlineData("log", "ls")]
    [InlineData("log", "show")]
    [InlineData("log", "verify")]
    [InlineData("last", "BTCUSDT")]
    public void A_tape_of_a_newer_version_is_refused_by_every_command_and_not_touched(params string[] command)
    {
        SmallMarket.Record(DiskFiles.Instance, Vault, 0, 3, TimeSpan.FromSeconds(1));
        var segment = Directory.GetFiles(Path.Combine(Vault, "tape"), "*.tape").Single();
        var bytes = File.ReadAllBytes(segment);
        bytes[8] = 2;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(60), Checksum(bytes.AsSpan(0, 60)));
        File.WriteAllBytes(segment, bytes);
        File.WriteAllText(_root["tape.yaml"], "vault: ./vault\nvenues:\n  binance:\n    symbols: [BTCUSDT]\n    endpoint: ws://127.0.0.1:1\n");
        var (status, output, error) = TapeProcess.Run(_root.Path, "", command[0] == "collect" ? command : [.. command, "--vault", Vault]);
        Assert.True(status == ExitCode.Failed, $"{status} {output} {error}");
        Assert.Contains($"{Path.GetFileName(segment)}: found format version 2 of segments, expected version 1", error, StringComparison.Ordinal);
        Assert.Contains("A newer tape program wrote this vault: use that one.", error, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(segment));
        Assert.Equal([Path.GetFileName(segment)], Directory.GetFiles(Path.Combine(Vault, "tape"), "*.tape").Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("query", "SELECT count(*) FROM trades")]
    [InlineData("sanity")]
    [InlineData("seal")]
    [InlineData("path", "trades", "binance", "2026-11-20")]
    [InlineData("disk")]
    public void Seals_of_a_newer_version_are_refused_and_not_touched(params string[] command)
    {
        SmallMarket.Record(DiskFiles.Instance, Vault, 0, 30, TimeSpan.FromSeconds(1));
        Assert.Equal(ExitCode.Ok, TapeProcess.Run(_root.Path, "", "seal", "--vault", Vault).Status);
        var path = Path.Combine(Vault, "raw", "seals.log");
        var json = Encoding.ASCII.GetBytes("""{"entry":"fold","v":3,"id":2}""");
        File.AppendAllText(path, $"{Checksum(json):x8} {Encoding.ASCII.GetString(json)}\n");
        var before = File.ReadAllBytes(path);
        var (status, output, error) = TapeProcess.Run(_root.Path, "", [.. command, "--vault", Vault]);
        Assert.True(status == ExitCode.Failed, $"{status} {output} {error}");
        Assert.Contains("found a line of version 3, expected version 2", error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    public void Dispose() => _root.Dispose();

    private string Vault => _root["vault"];

    /// <summary>CRC32C, bit by bit, as docs/formats.md names it.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var checksum = 0xFFFFFFFF;
        foreach (var value in bytes)
        {
            checksum ^= value;
            for (var bit = 0; bit < 8; bit++) checksum = (checksum & 1) == 1 ? (checksum >> 1) ^ 0x82F63B78 : checksum >> 1;
        }

        return ~checksum;
    }
}
