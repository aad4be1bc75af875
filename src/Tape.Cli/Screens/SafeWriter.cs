namespace Tape.Cli.Screens;

/// <summary>Writes texts with what could steer a terminal escaped; the ends of its own lines stay. Not thread-safe.</summary>
internal sealed class SafeWriter(TextWriter inner) : TextWriter(CultureInfo.InvariantCulture)
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => inner.Write(TerminalText.Escape(value.ToString()));

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (TerminalText.CanSteer(buffer)) inner.Write(TerminalText.Escape(buffer.ToString()));
        else inner.Write(buffer);
    }

    public override void Write(string? value)
    {
        if (value is not null) inner.Write(TerminalText.Escape(value));
    }

    public override void WriteLine() => inner.WriteLine();

    public override void WriteLine(string? value)
    {
        if (value is not null) inner.Write(TerminalText.Escape(value));
        inner.WriteLine();
    }

    public override void WriteLine(ReadOnlySpan<char> buffer)
    {
        Write(buffer);
        inner.WriteLine();
    }

    public override void Flush() => inner.Flush();
}
