using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Tape.TestKit.Vaults;

/// <summary>Lines with right checksums that no program of ours wrote, as a vault from elsewhere may hold them.</summary>
public static partial class ForgedLog
{
    private const uint Castagnoli = 0x82F63B78;

    /// <summary>A line with its checksum.</summary>
    public static string Line(string json) => string.Create(CultureInfo.InvariantCulture, $"{Checksum(Encoding.UTF8.GetBytes(json)):x8} {json}\n");

    /// <summary>Puts such lines in the place of a log.</summary>
    public static void Put(string path, params IEnumerable<string> entries)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, string.Concat(entries.Select(Line)));
    }

    /// <summary>The JSON of a log's whole lines, without what chains them.</summary>
    public static IReadOnlyList<string> Read(string path) =>
        [.. File.ReadAllText(path).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Chain().Replace(line[line.IndexOf('{')..], "", 1))];

    [GeneratedRegex(",\"v\":2,\"chain\":\"[0-9a-f]{32}\"")]
    private static partial Regex Chain();

    /// <summary>A file of a seal as its JSON.</summary>
    public static string SealedFile(string path) =>
        $$"""{"table":"trades","venue":"binance","day":"2026-11-21","path":"{{path}}","rows":1,"bytes":1,"hash":"{{new string('0', 32)}}","received_min":1,"received_max":1}""";

    /// <summary>CRC-32C bit by bit, as docs/formats.md has it.</summary>
    private static uint Checksum(byte[] bytes)
    {
        var sum = uint.MaxValue;
        foreach (var value in bytes)
        {
            sum ^= value;
            for (var bit = 0; bit < 8; bit++) sum = (sum & 1) != 0 ? (sum >> 1) ^ Castagnoli : sum >> 1;
        }

        return ~sum;
    }
}
