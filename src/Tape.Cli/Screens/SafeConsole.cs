using Spectre.Console;

namespace Tape.Cli.Screens;

/// <summary>
/// The one place through which lines of this program reach a terminal: output and errors of the process pass <see cref="TerminalText.Escape"/>. Our own drawing
/// (the live table, progress bars) takes <see cref="Error"/> and <see cref="Output"/> as they are, and escapes the texts that it puts there.
/// </summary>
internal static class SafeConsole
{
    private static int _isInstalled;

    /// <summary>Standard output without escaping, for drawing.</summary>
    public static TextWriter Output { get; private set; } = Console.Out;

    /// <summary>Standard error without escaping, for drawing.</summary>
    public static TextWriter Error { get; private set; } = Console.Error;

    /// <summary>Puts the escaping in place, once a process.</summary>
    public static void Install()
    {
        if (Interlocked.Exchange(ref _isInstalled, 1) != 0) return;
        (Output, Error) = (Console.Out, Console.Error);
        AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Output) });
        Console.SetOut(TextWriter.Synchronized(new SafeWriter(Output)));
        Console.SetError(TextWriter.Synchronized(new SafeWriter(Error)));
    }

    /// <summary>A text from outside as markup of the live table.</summary>
    public static string Markup(string text) => Spectre.Console.Markup.Escape(TerminalText.Escape(text));
}
