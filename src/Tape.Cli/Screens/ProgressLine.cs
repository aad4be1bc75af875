namespace Tape.Cli.Screens;

/// <summary>A bar of one line on a terminal that is drawn over itself. Thread-safe.</summary>
internal sealed class ProgressLine(TextWriter terminal)
{
    private const int Cells = 30;

    private readonly Lock _gate = new();
    private int _drawn = -1;
    private bool _ended;

    /// <summary>Draws how far the work is, 0 to 1; only when it looks different from before.</summary>
    public void Draw(double done)
    {
        var percent = (int)(Math.Clamp(done, 0, 1) * 100);
        lock (_gate)
        {
            if (_ended || percent == _drawn) return;
            _drawn = percent;
            var full = percent * Cells / 100;
            terminal.Write(string.Create(CultureInfo.InvariantCulture, $"\r[{new string('=', full)}{new string(' ', Cells - full)}] {percent,3} %"));
        }
    }

    /// <summary>Takes the bar away, so that what is written next stands in its place; it may be drawn again.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            if (!_ended && _drawn >= 0) terminal.Write($"\r{new string(' ', Cells + 8)}\r");
            _drawn = -1;
        }
    }

    /// <summary>Takes the bar away for good.</summary>
    public void End()
    {
        Clear();
        lock (_gate) _ended = true;
    }
}
