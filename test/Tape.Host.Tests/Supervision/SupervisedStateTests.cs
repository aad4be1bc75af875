using Tape.Core.Health;
using Tape.Host.Supervision;
using Tape.TestKit.Time;

namespace Tape.Host.Tests.Supervision;

public sealed class SupervisedStateTests
{
    private readonly List<string> _changes = [];
    private readonly SupervisedState _state;

    public SupervisedStateTests() => _state = new(new FakeTime(), change =>
        _changes.Add($"{change.From.Name} {change.To.Name}: {string.Join(", ", change.To.Why)} | {string.Join(", ", change.To.Advice)}"));

    [Fact]
    public void The_worst_state_of_all_sources_holds_with_the_reasons_of_all_and_each_reason_once()
    {
        Set("server", RecorderState.Starting, "the tape is being opened");
        Set("recorder", RecorderState.Ready);
        Set("server", RecorderState.Degraded, "5 gaps");
        Set("recorder", RecorderState.Degraded, "5 gaps");
        Set("recorder", RecorderState.Error, "no disk");
        Set("recorder", RecorderState.Ready);
        Set("server", RecorderState.Ready);
        Assert.Equal(
            ["STARTING READY:  | ", "READY DEGRADED: 5 gaps | Do 5 gaps", "DEGRADED ERROR: no disk, 5 gaps | Do no disk, Do 5 gaps",
                "ERROR DEGRADED: 5 gaps | Do 5 gaps", "DEGRADED READY:  | "],
            _changes);
    }

    [Fact]
    public void A_source_that_has_nothing_more_to_say_leaves_the_state_to_the_others()
    {
        Set("recorder", RecorderState.Ready);
        Set("silence", RecorderState.Error, "nothing for 60 s");
        _state.Set("silence", null);
        _state.Set("silence", null);
        Assert.Equal(["STARTING READY:  | ", "READY ERROR: nothing for 60 s | Do nothing for 60 s", "ERROR READY:  | "], _changes);
    }

    private void Set(string source, RecorderState state, params string[] why) => _state.Set(source, new(state, why, [.. why.Select(reason => $"Do {reason}")]));
}
