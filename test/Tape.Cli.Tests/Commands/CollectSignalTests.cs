using System.Diagnostics;
using System.Globalization;
using Tape.Host;
using Tape.Storage.Files;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Files;
using Tape.TestKit.Time;

namespace Tape.Cli.Tests.Commands;

/// <summary>Real processes and real signals.</summary>
public sealed class CollectSignalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [UnixFact]
    public Task A_request_to_terminate_ends_the_recorder_in_order_with_status_0() => AssertEndsInOrderAsync("-TERM", 1);

    [InterruptTheory]
    [InlineData(1)]
    [InlineData(3)]
    public Task An_interrupt_or_several_end_the_recorder_in_order_with_status_0(int times) => AssertEndsInOrderAsync("-INT", times);

    public void Dispose() => _folder.Dispose();

    private async Task AssertEndsInOrderAsync(string signal, int times)
    {
        await File.WriteAllTextAsync(_folder["tape.yaml"], "vault: ./vault\nvenues:\n  binance:\n    symbols: [BTCUSDT]\n    endpoint: ws://127.0.0.1:1\n");
        using var limit = new CancellationTokenSource(Patience.Max, TimeProvider.System);
        using var tape = Process.Start(
            new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "tape.dll"), "collect", "--plain", "--config", _folder["tape.yaml"]])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true
            })!;
        while (await tape.StandardOutput.ReadLineAsync(limit.Token) is { } line && !line.Contains("ws_connect_failed", StringComparison.Ordinal)) { }
        for (; times > 0; times--) Process.Start("kill", [signal, tape.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
        var rest = await tape.StandardOutput.ReadToEndAsync(limit.Token);
        await tape.WaitForExitAsync(limit.Token);
        Assert.Equal((0, ""), (tape.ExitCode, await tape.StandardError.ReadToEndAsync(limit.Token)));
        Assert.Contains("collector_stop", rest);
        Assert.IsType<StoppedNote>(LastNote());
    }

    private Note? LastNote()
    {
        Note? last = null;
        using var reader = TapeReader.Open(DiskFiles.Instance, _folder["vault", "tape"]);
        while (reader.TryRead(out var record)) last = record.Kind == RecordKind.Note ? Note.Parse(record.Payload) : last;
        return last;
    }

    /// <summary>Signals are sent by the system's own command, which Windows has not.</summary>
    private sealed class UnixFactAttribute : FactAttribute
    {
        public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "signals need a Unix system" : null;
    }
}
