namespace Tape.Host.Processes;

/// <summary>What becomes of one output of a child. It is always read to its end, so that the child never waits for us.</summary>
public sealed class ChildOutput
{
    private ChildOutput(Func<StreamReader, Task> read) => ReadAsync = read;

    /// <summary>Nothing is kept.</summary>
    public static ChildOutput Dropped => Beginning(new StringBuilder(), 0);

    internal Func<StreamReader, Task> ReadAsync { get; }

    /// <summary>Each line goes to a receiver, from a task of its own.</summary>
    public static ChildOutput Lines(Action<string> line) => new(async output =>
    {
        while (await output.ReadLineAsync() is { } text) line(text);
    });

    /// <summary>The beginning is kept, at most so many characters. The text is complete once the child was waited for.</summary>
    public static ChildOutput Beginning(StringBuilder text, int lengthMax) => new(async output =>
    {
        var some = new char[1024];
        while (await output.ReadAsync(some) is > 0 and var count) text.Append(some, 0, Math.Min(count, lengthMax - text.Length));
    });
}
