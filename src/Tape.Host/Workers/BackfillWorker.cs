using Microsoft.Extensions.Logging;
using Tape.Collect.Logging;
using Tape.Core.Candles;
using Tape.Core.Work;
using Tape.Host.Candles;
using Tape.Host.Configuration;

namespace Tape.Host.Workers;

/// <summary>
/// Asks the venues again and again for minutes that day files lack, where <see cref="GapDetection.IsEnabled"/> says so. The candles' owner takes the answers
/// into
/// day files. Whatever fails here is in the log and tried again next time.
/// </summary>
/// <param name="program">Our name in locks.</param>
public sealed class BackfillWorker(TapeConfig config, IFiles files, ILogger log, TimeProvider time, string program)
{
    /// <summary>A minute that was over so long ago is asked for: until then live frames may still make it.</summary>
    private const long SettledMs = 3 * Timeframe.MinuteMs;

    /// <summary>Works until cancelled; at once when it is switched off.</summary>
    public Task RunAsync(CancellationToken stop)
    {
        if (!config.GapDetection.IsEnabled) return Task.CompletedTask;
        var worker = new Worker("backfill", config.GapDetection.RepairEvery, "Recording and candles go on; what is missing is asked for again.", log, time);
        return worker.RunAsync(beside => Loop.UntilStoppedAsync(async () =>
        {
            await RoundAsync(beside);
            worker.Succeeded();
            await Task.Delay(config.GapDetection.RepairEvery, time, beside);
        }, beside), stop);
    }

    private async Task RoundAsync(CancellationToken stop)
    {
        VaultPresence.Require(files, config.Recorder);
        using var session = new BackfillSession(config, files, time, program);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var (from, to) = (now - config.GapDetection.LookbackDays * Timeframe.DayMs, now - SettledMs);
        foreach (var settings in session.Venues)
            foreach (var symbol in session.SymbolsOf(settings))
            {
                var result = await session.AskAsync(settings, symbol, from, to, (_, _) => { }, stop);
                if (result.Answers > 0 || result.Failure is not null) Tell(result);
                if (result.Failure?.IsUnwell == true) break;
            }
    }

    private void Tell(BackfillResult result) => log.Event(result.Failure is null ? LogLevel.Information : LogLevel.Warning, "backfill", json =>
    {
        json.WriteString("venue", result.Venue);
        json.WriteString("symbol", result.Symbol);
        json.WriteNumber("missing", result.Missing);
        json.WriteNumber("answers", result.Answers);
        if (result.BeyondReach > 0) json.WriteNumber("beyond_reach", result.BeyondReach);
        if (result.Failure is not { } failure) return;
        json.WriteString("reason", failure.Message);
        json.WriteString("advice", failure.Hint);
    });
}
