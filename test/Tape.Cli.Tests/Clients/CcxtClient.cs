using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Tape.Host;
using Tape.TestKit.Repo;
using Tape.TestKit.Time;

namespace Tape.Cli.Tests.Clients;

/// <summary>The npm package ccxt in a process of its own, unmodified; only its base addresses are set.</summary>
internal static class CcxtClient
{
    /// <summary>Why it can't run here; null when it can.</summary>
    public static string? Missing { get; } = Find();

    private static string Folder => Path.Combine(RepoFolder.Root, "artifacts", "clients", "ccxt");

    /// <summary>Watches trades, tickers and best prices of Binance until each has come often enough.</summary>
    /// <returns>What it printed: an object a line with <c>kind</c> (markets, trade, ticker, best) and <c>symbol</c> (ccxt's spelling).</returns>
    public static Task<IReadOnlyList<JsonElement>> WatchAsync(Uri ws, Uri rest, int count, params string[] symbols) =>
        RunAsync("watch.mjs", [Address(ws), Address(rest), Text(count), .. symbols]);

    /// <summary>Watches trades, tickers and books of another venue until each has come often enough.</summary>
    /// <returns>What it printed: an object a line with <c>kind</c> (markets, trade, ticker, book) and <c>symbol</c> (ccxt's spelling).</returns>
    public static Task<IReadOnlyList<JsonElement>> WatchVenueAsync(string venue, Uri ws, Uri rest, int count, params string[] symbols) =>
        RunAsync("watch-venue.mjs", [venue, Address(ws), Address(rest), Text(count), .. symbols]);

    private static async Task<IReadOnlyList<JsonElement>> RunAsync(string script, IReadOnlyList<string> arguments)
    {
        // Modules are looked up from where the script lies, so it goes beside them.
        File.Copy(Path.Combine(RepoFolder.Root, "test", "clients", "ccxt", script), Path.Combine(Folder, script), overwrite: true);
        using var node = Process.Start(new ProcessStartInfo("node", [script, .. arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(Patience.Max);
        try
        {
            await node.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!node.HasExited) node.Kill(entireProcessTree: true);
        }

        Assert.True(node.ExitCode == 0, $"node ended with {node.ExitCode}: {await error}");
        return [.. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Address(Uri uri) => uri.ToString().TrimEnd('/');

    private static string? Find()
    {
        var names = OperatingSystem.IsWindows() ? "node.exe" : "node";
        var isThere = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, names)));
        if (!isThere) return "Node.js is not on the PATH.";
        return File.Exists(Path.Combine(Folder, "fetched"))
            ? null : "The npm package ccxt could not be fetched when the tests were built (npm, or its registry, is missing).";
    }
}

/// <summary>A test that lets ccxt watch; skipped, with the reason, where it can't run.</summary>
public sealed class CcxtFactAttribute : FactAttribute
{
    public CcxtFactAttribute() => Skip = CcxtClient.Missing;
}
