using Tape.Core.Health;
using Tape.Host.Logging;

namespace Tape.Host.Tests.Logging;

public sealed class LogLineTests
{
    private const string Line = """{"time":"2026-11-21T21:00:00Z","level":"info","event":"state_change","from":"OFFLINE","to":"READY","why":["the \"to\" of a \"event\""]}""";

    [Fact]
    public void A_change_of_the_recorders_state_is_read_from_its_line()
    {
        var state = LogLine.Read(Line)?.NewState("state_change");
        Assert.Equal(RecorderState.Ready, state?.State);
        Assert.Equal(["the \"to\" of a \"event\""], state!.Why);
        Assert.Empty(state.Advice);
        Assert.Null(LogLine.Read(Line)?.NewState("vault_state"));
    }

    [Fact]
    public void A_line_that_a_kill_cut_anywhere_tells_no_state_and_is_no_fault()
    {
        for (var length = 0; length < Line.Length; length++) Assert.Null(LogLine.Read(Line[..length])?.NewState("state_change"));
    }

    [Theory]
    [InlineData("Unhandled exception. System.Exception")]
    [InlineData("""{"event":"heartbeat","to":"READY"}""")]
    [InlineData("""{"event":"state_change","to":"SOMETHING_NEW"}""")]
    [InlineData("""{"event":"state_change"}""")]
    public void Nor_do_other_lines(string text) => Assert.Null(LogLine.Read(text)?.NewState("state_change"));
}
