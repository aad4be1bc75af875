using System.Text.Json;
using Tape.TestKit.Files;
using Tape.TestKit.Processes;

namespace Tape.Bench.Tests;

/// <summary><c>tape-bench soak</c>, for seconds instead of an hour: one recorder takes from the simulators of all three venues.</summary>
public sealed class SoakTests : IDisposable
{
    private readonly TemporaryFolder _folder = new(onDisk: true);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_short_soak_accounts_for_the_frames_of_all_venues_and_leaves_nothing_behind()
    {
        var (status, output, error) =
            TapeProcess.Run("tape-bench", _folder.Path, [], "", "soak", "--minutes", "0.05", "--rate", "600", "--folder", _folder.Path);
        Assert.True(status == 0, output + error);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["start", "middle", "end"], lines[..^1].Select(line => line.GetProperty("at").GetString()).Where(at => at != "sample"));
        Assert.All(lines[..^1], line => Assert.True(line.GetProperty("rss_bytes").GetInt64() > 0 && line.GetProperty("handles").GetInt64() > 0));
        foreach (var venue in new[] { "binance", "bybit", "okx" }) Assert.True(lines[^1].GetProperty(venue).GetProperty("stored").GetInt64() > 0, output);
        Assert.Equal(0, lines[^1].GetProperty("unexplained").GetInt64());
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }
}
