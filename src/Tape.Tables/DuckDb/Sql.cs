namespace Tape.Tables.DuckDb;

/// <summary>Writes values into SQL so that nothing in them is taken for SQL.</summary>
public static class Sql
{
    /// <summary>A string literal. NUL, which no literal can hold, is refused.</summary>
    /// <exception cref="DuckDbException">The text holds a NUL character.</exception>
    public static string Text(string value) => value.Contains('\0')
        ? throw new DuckDbException("a text for SQL holds a NUL character", "Remove the character with code 0.")
        : $"'{value.Replace("'", "''")}'";

    /// <summary>A quoted identifier.</summary>
    public static string Name(string value) => $"\"{value.Replace("\"", "\"\"")}\"";

    /// <summary>A list of string literals.</summary>
    public static string List(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(Text))}]";
}
