using System.Globalization;
using System.Text;

namespace Tape.Core.Values;

/// <summary>
/// Turns a text from outside into one path part that is a plain name on every platform: bytes beyond <c>[A-Za-z0-9._-]</c> are percent-encoded, as are
/// a dot at the end and the first letter of a Windows device name. Different texts give different parts, though some may differ by case only.
/// </summary>
public static class PathText
{
    /// <summary>What the empty text becomes; no other text does.</summary>
    public const string Empty = "%";

    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL"];

    /// <summary>Encodes a text.</summary>
    public static string Encode(string text)
    {
        if (text.Length == 0) return Empty;
        var utf8 = Encoding.UTF8.GetBytes(text);
        var part = new StringBuilder(utf8.Length + 8);
        var device = IsDevice(text);
        for (var i = 0; i < utf8.Length; i++)
        {
            var hidden = !IsPlain(utf8[i]) || (i == 0 && device) || (i == utf8.Length - 1 && utf8[i] == '.');
            if (hidden) part.Append(CultureInfo.InvariantCulture, $"%{utf8[i]:X2}");
            else part.Append((char)utf8[i]);
        }
        return part.ToString();
    }

    /// <summary>The text that <see cref="Encode"/> made a part from.</summary>
    /// <exception cref="FormatException">The part is not one of <see cref="Encode"/>.</exception>
    public static string Decode(string part)
    {
        if (part == Empty) return "";
        var utf8 = new List<byte>(part.Length);
        for (var i = 0; i < part.Length; i++)
        {
            if (part[i] != '%')
            {
                utf8.Add(checked((byte)part[i]));
                continue;
            }
            if (i + 2 >= part.Length) throw new FormatException($"'{part}': a percent sign at {i} without two digits after it");
            utf8.Add(byte.Parse(part.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            i += 2;
        }
        return Encoding.UTF8.GetString([.. utf8]);
    }

    private static bool IsPlain(byte value) => char.IsAsciiLetterOrDigit((char)value) || value is (byte)'.' or (byte)'_' or (byte)'-';

    /// <summary>Windows takes CON, and CON with any extension, for the console.</summary>
    private static bool IsDevice(string text)
    {
        var dot = text.IndexOf('.');
        var stem = (dot < 0 ? text : text[..dot]).TrimEnd(' ').ToUpperInvariant();
        return Devices.Contains(stem) || (stem.Length == 4 && stem[..3] is "COM" or "LPT" && char.IsAsciiDigit(stem[3]));
    }
}
