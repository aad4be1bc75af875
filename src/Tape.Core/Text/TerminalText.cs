using System.Buffers;
using System.Text;

namespace Tape.Core.Text;

/// <summary>
/// Texts from outside (symbols, close reasons, messages that quote them) on their way to a terminal: what could steer it is shown as an escape, so that such a
/// text is seen and not obeyed.
/// </summary>
public static class TerminalText
{
    /// <summary>Control characters but line feed and tab, and the marks that turn the direction of writing.</summary>
    private static readonly SearchValues<char> Steering = SearchValues.Create(
    [
        .. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(sign => char.IsControl(sign) && sign is not ('\n' or '\t')),
        '\u061C', '\u200E', '\u200F', '\u2028', '\u2029', '\u202A', '\u202B', '\u202C', '\u202D', '\u202E', '\u2066', '\u2067', '\u2068', '\u2069',
    ]);

    /// <summary>Whether <see cref="Escape"/> would change a text.</summary>
    public static bool CanSteer(ReadOnlySpan<char> text) => text.ContainsAny(Steering);

    /// <summary>The text with <c>\u001b</c> and the like in the place of what could steer a terminal; lines and tabs stay.</summary>
    public static string Escape(string text)
    {
        if (!CanSteer(text)) return text;
        var shown = new StringBuilder(text.Length + 16);
        foreach (var sign in text)
        {
            if (Steering.Contains(sign)) shown.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)sign:x4}");
            else shown.Append(sign);
        }

        return shown.ToString();
    }
}
