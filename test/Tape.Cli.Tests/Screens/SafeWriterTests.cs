using System.Globalization;
using Tape.Cli.Screens;

namespace Tape.Cli.Tests.Screens;

public sealed class SafeWriterTests
{
    private const string Steering = "a\u001b[31mb\r";
    private const string Shown = "a\\u001b[31mb\\u000d";

    [Fact]
    public void Each_way_of_writing_is_escaped_and_lines_end_as_the_terminal_has_them()
    {
        using var inner = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\r\n" };
        using (var writer = new SafeWriter(inner))
        {
            writer.Write(Steering);
            writer.WriteLine(Steering);
            writer.Write(Steering.ToCharArray());
            writer.Write(Steering.AsSpan());
            foreach (var sign in Steering) writer.Write(sign);
            writer.WriteLine();
            writer.WriteLine("{0}", Steering);
            writer.WriteLine(Steering.AsSpan());
        }

        Assert.Equal($"{Shown}{Shown}\r\n{Shown}{Shown}{Shown}\r\n{Shown}\r\n{Shown}\r\n", inner.ToString());
    }
}
