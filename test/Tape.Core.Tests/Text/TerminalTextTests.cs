using Tape.Core.Text;

namespace Tape.Core.Tests.Text;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("BTCUSDT 币安 é\tq\nz", "BTCUSDT 币安 é\tq\nz")]
    [InlineData("\u001b[2J\u001b]0;owned\u0007", "\\u001b[2J\\u001b]0;owned\\u0007")]
    [InlineData("a\rb\bc\0d\u007f", "a\\u000db\\u0008c\\u0000d\\u007f")]
    [InlineData("\u009b31m", "\\u009b31m")]
    [InlineData("abc\u202etxt", "abc\\u202etxt")]
    [InlineData("", "")]
    public void What_could_steer_a_terminal_is_shown_as_an_escape(string text, string shown)
    {
        Assert.Equal(shown, TerminalText.Escape(text));
        Assert.False(TerminalText.CanSteer(TerminalText.Escape(text)));
    }
}
