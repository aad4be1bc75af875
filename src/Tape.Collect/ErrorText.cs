namespace Tape.Collect;

/// <summary>ErrorText from outside, made fit for notes and log lines.</summary>
internal static class ErrorText
{
    /// <summary>The longest text that a note carries, in characters.</summary>
    public const int LengthMax = 500;

    /// <summary>Cuts a text that is longer than <see cref="LengthMax"/> and marks the cut.</summary>
    public static string Shorten(string text) => text.Length <= LengthMax ? text : $"{text.AsSpan(0, LengthMax)}…";

    /// <summary>What an exception says, with what is behind it.</summary>
    public static string Reason(Exception fault) =>
        fault.InnerException is { } inner && inner.Message != fault.Message ? $"{fault.Message} ({inner.Message})" : fault.Message;
}
