namespace Tape.Storage.Schema;

/// <summary>Fixed-length hexadecimal texts of entries: whether one can be what it stands for.</summary>
public static class HexText
{
    /// <summary>Whether a text is a tape's id as file names have it.</summary>
    public static bool IsTapeId(string? text) => text is { Length: 16 } && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Whether a text is a <see cref="RowHash"/>, or the chain of a log's lines.</summary>
    public static bool IsHash(string? text) => text is { Length: 32 } && text.All(char.IsAsciiHexDigit);
}
