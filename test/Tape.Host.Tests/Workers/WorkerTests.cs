using System.Text;
using Tape.Collect.Logging;
using Tape.Core.Errors;
using Tape.Host.Logging;
using Tape.Host.Workers;
using Tape.TestKit.Logging;
using Tape.TestKit.Time;

namespace Tape.Host.Tests.Workers;

public sealed class WorkerTests : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly FakeTime _time = new();
    private readonly LogLines _lines = new();
    private readonly CancellationTokenSource _stop = new();
    private int _runs;

    public void Dispose() => _stop.Dispose();

    [Fact]
    public async Task A_fault_is_logged_once_until_the_work_has_succeeded_and_the_work_is_tried_again()
    {
        Exception?[] faults =
            [new IOException("disk away"), new TapeException("still away", "Plug it in."), null, new TapeException("away again", "Plug it in.")];
        var running = Make().RunAsync(_ => faults[_runs++] is { } fault ? throw fault : Task.CompletedTask, _stop.Token);
        for (; _runs < faults.Length; _time.Advance(Every)) Assert.False(running.IsCompleted);
        await _stop.CancelAsync();
        await running.WaitAsync(Patience.Max);
        Assert.Equal([("disk away", "Wait."), ("away again", "Plug it in.")], _lines.Named("digging_waits").Select(line =>
            (line.GetProperty("reason").GetString(), line.GetProperty("advice").GetString())));
    }

    [Fact]
    public async Task Stopped_before_it_begins_it_runs_once_so_that_the_rest_can_be_done()
    {
        await _stop.CancelAsync();
        await Make().RunAsync(stop => stop.IsCancellationRequested ? Task.FromResult(_runs++) : Task.CompletedTask, _stop.Token);
        Assert.Equal(1, _runs);
    }

    [Fact]
    public async Task A_fault_of_the_program_is_not_tried_again()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Make().RunAsync(_ => throw new InvalidOperationException("a bug"), _stop.Token));
        await Worker.RunVenueAsync("okx", () => throw new InvalidOperationException("a bug"), "digging_broken", "Report it.", Log());
        var line = Assert.Single(_lines.Named("digging_broken"));
        Assert.Equal(("okx", "InvalidOperationException: a bug"),
            (line.GetProperty("venue").GetString(), line.GetProperty("reason").GetString()));
    }

    private Worker Make() => new("digging", Every, "Wait.", Log(), _time);

    private JsonLogger Log() => new(_lines, _time);
}
