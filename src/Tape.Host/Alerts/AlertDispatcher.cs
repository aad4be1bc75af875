using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Tape.Collect;
using Tape.Collect.Logging;

namespace Tape.Host.Alerts;

/// <summary>
/// Tells people of changes of the state, from a task of its own: whatever a way of telling takes, recording does not wait. At most <see cref="WaitingMax"/>
/// changes wait; of further ones the last state is still told, by the next change or by the log.
/// </summary>
public sealed class AlertDispatcher : IDisposable
{
    /// <summary>Changes that wait at most.</summary>
    public const int WaitingMax = 64;

    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(2);

    private readonly Channel<StateChange> _changes =
        Channel.CreateBounded<StateChange>(new BoundedChannelOptions(WaitingMax) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });
    private readonly CancellationTokenSource _stop = new();
    private readonly AlertSettings _settings;
    private readonly IReadOnlyList<IAlertChannel> _ways;
    private readonly string _vault;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly Task _telling;

    /// <param name="ways">Beside the log.</param>
    public AlertDispatcher(AlertSettings settings, IReadOnlyList<IAlertChannel> ways, string vault, ILogger log, TimeProvider time)
    {
        (_settings, _ways, _vault, _log, _time) = (settings, ways, vault, log, time);
        _telling = Task.Run(TellAsync, CancellationToken.None);
    }

    /// <summary>A dispatcher; null where no channel is configured.</summary>
    public static AlertDispatcher? Open(AlertSettings settings, RecorderOptions options, ILogger log, TimeProvider time)
        => settings.Ways(options.Network, time, Environment.GetEnvironmentVariable) is { Count: > 0 } ways
            ? new AlertDispatcher(settings, ways, options.Vault, log, time) : null;

    /// <summary>Takes a change; returns at once.</summary>
    public void Take(StateChange change) => _changes.Writer.TryWrite(change);

    /// <summary>Gives what is being told a moment, then ends it.</summary>
    public void Dispose()
    {
        _changes.Writer.TryComplete();
        _stop.CancelAfter(EndsWithin);
        _telling.GetAwaiter().GetResult();
        _stop.Dispose();
    }

    private async Task TellAsync()
    {
        var pending = new AlertThrottle(_settings, _time);
        try
        {
            while (await pending.NextAsync(_changes.Reader, _stop.Token) is { } told)
                await SendAsync(new Alert(told.Last.At, told.Before, told.Last.To, told.Changes, _vault, IsTest: false));
        }
        catch (OperationCanceledException)
        {
            // The end of the recorder; its log has every change.
        }
    }

    private async Task SendAsync(Alert alert)
    {
        foreach (var way in _ways)
        {
            var failure = await way.SendAsync(alert, _stop.Token);
            _log.Event(failure is null ? LogLevel.Information : LogLevel.Warning, failure is null ? "alert_sent" : "alert_failed", json =>
            {
                json.WriteString("way", way.Name);
                json.WriteString("state", alert.Report.Name);
                if (failure is not null) json.WriteString("reason", failure);
            });
        }
    }
}
