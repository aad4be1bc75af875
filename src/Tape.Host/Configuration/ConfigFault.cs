namespace Tape.Host.Configuration;

/// <summary>One thing that is wrong in a configuration file.</summary>
/// <param name="Line">1-based line, or 0 when it is about the whole file.</param>
/// <param name="Text">Found, expected, where.</param>
public sealed record ConfigFault(long Line, string Text)
{
    public override string ToString() => Line == 0 ? Text : $"line {Line}: {Text}";
}
