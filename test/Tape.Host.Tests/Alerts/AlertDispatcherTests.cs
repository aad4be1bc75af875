using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Tape.Collect.Logging;
using Tape.Core.Health;
using Tape.Core.Values;
using Tape.Host.Alerts;
using Tape.TestKit.Logging;
using Tape.TestKit.Time;

namespace Tape.Host.Tests.Alerts;

public sealed class AlertDispatcherTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTime _time = new();
    private readonly LogLines _lines = new();
    private readonly ScriptedChannel _way = new();
    private AlertDispatcher? _desk;

    [Fact]
    public async Task A_change_is_told_at_once_a_worse_one_too_and_the_rest_together_when_the_time_is_over()
    {
        Open(new AlertSettings());
        Change("OFFLINE", RecorderState.Degraded);
        await ToldAsync("DEGRADED was OFFLINE, 1 changes");
        Change("DEGRADED", RecorderState.Error);
        await ToldAsync("ERROR was DEGRADED, 1 changes");
        Change("ERROR", RecorderState.Ready);
        Change("READY", RecorderState.Degraded);
        Change("DEGRADED", RecorderState.Ready);
        await _time.AdvanceUntilAsync(() => _way.Told.Reader.Count > 0, "the time between two alerts is over", Minute / 4);
        await ToldAsync("READY was ERROR, 3 changes");
    }

    [Fact]
    public async Task States_that_nobody_wants_to_hear_of_are_not_told_and_end_what_waits()
    {
        Open(new AlertSettings { On = new HashSet<RecorderState> { RecorderState.Offline, RecorderState.Error }, Every = TimeSpan.Zero });
        Change("OFFLINE", RecorderState.Ready);
        Change("READY", RecorderState.Degraded);
        Change("DEGRADED", RecorderState.Offline);
        await ToldAsync("OFFLINE was DEGRADED, 1 changes");
    }

    [Fact]
    public async Task A_bad_state_that_lasts_is_told_again_and_a_good_one_is_not()
    {
        Open(new AlertSettings { Every = TimeSpan.Zero, Remind = TimeSpan.FromHours(1) });
        Change("READY", RecorderState.Offline);
        await ToldAsync("OFFLINE was READY, 1 changes");
        var began = _time.GetUtcNow();
        await _time.AdvanceUntilAsync(() => _way.Told.Reader.Count > 0, "the reminder is due", 20 * Minute);
        await ToldAsync("OFFLINE was OFFLINE, 0 changes");
        Assert.True(_time.GetUtcNow() - began >= TimeSpan.FromHours(1));
        Change("OFFLINE", RecorderState.Ready);
        await ToldAsync("READY was OFFLINE, 1 changes");
        _time.Advance(TimeSpan.FromHours(5));
        Change("READY", RecorderState.Degraded);
        await ToldAsync("DEGRADED was READY, 1 changes");
    }

    [Fact]
    public async Task What_became_of_an_alert_stands_in_the_log_without_secrets()
    {
        Open(new AlertSettings { Every = TimeSpan.Zero });
        _way.Failure = "answered with HTTP status 500, expected 2xx";
        Change("OFFLINE", RecorderState.Ready);
        await ToldAsync("READY was OFFLINE, 1 changes");
        _way.Failure = null;
        Change("READY", RecorderState.Error);
        await ToldAsync("ERROR was READY, 1 changes");
        Close();
        Assert.Equal(
            ["alert_failed scripted READY answered with HTTP status 500, expected 2xx", "alert_sent scripted ERROR"],
            _lines.All.Select(line => ($"{line.GetProperty("event")} {line.GetProperty("way")} {line.GetProperty("state")} "
                + (line.TryGetProperty("reason", out var reason) ? reason.ToString() : "")).TrimEnd()));
    }

    [Fact]
    public void A_way_that_hangs_holds_up_nobody_and_is_left_behind_at_the_end()
    {
        _way.Hangs = true;
        Open(new AlertSettings { Every = TimeSpan.Zero });
        for (var change = 0; change < AlertDispatcher.WaitingMax * 3; change++) Change("READY", change % 2 == 0 ? RecorderState.Error : RecorderState.Ready);
        Close();
    }

    public void Dispose() => Close();

    private void Open(AlertSettings settings) => _desk = new AlertDispatcher(settings, [_way], "/vault", new JsonLogger(_lines, _time), _time);

    private void Close()
    {
        _desk?.Dispose();
        _desk = null;
    }

    private void Change(string from, RecorderState to) =>
        _desk!.Take(new StateChange(UnixNanos.From(_time.GetUtcNow()), new StateReport(Enum.Parse<RecorderState>(from, ignoreCase: true), [], []),
            new StateReport(to, ["because"], ["Do."])));

    private async Task ToldAsync(string expected)
    {
        var alert = await _way.Told.Reader.ReadAsync().AsTask().WaitAsync(Patience.Max);
        Assert.Equal(expected, $"{alert.Report.Name} was {alert.Before}, {alert.Changes} changes");
    }

    private sealed class ScriptedChannel : IAlertChannel
    {
        public Channel<Alert> Told { get; } = Channel.CreateUnbounded<Alert>();

        public string? Failure { get; set; }

        public bool Hangs { get; set; }

        public string Name => "scripted";

        public async Task<string?> SendAsync(Alert alert, CancellationToken cancel)
        {
            if (Hangs) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
            var failure = Failure;
            Told.Writer.TryWrite(alert);
            return failure;
        }
    }
}
