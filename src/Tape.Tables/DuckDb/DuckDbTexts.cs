using System.Text.Unicode;

namespace Tape.Tables.DuckDb;

/// <summary>The values of a VARCHAR column of a chunk that is being filled. Valid as long as its chunk.</summary>
public readonly unsafe struct DuckDbTexts
{
    private readonly nint _vector;
    private readonly NativeMethods.Text* _texts;

    internal DuckDbTexts(nint vector)
    {
        _vector = vector;
        _texts = (NativeMethods.Text*)NativeMethods.duckdb_vector_get_data(vector);
    }

    /// <summary>Sets a value; the bytes are copied and must be UTF-8.</summary>
    /// <exception cref="InvalidOperationException">The bytes are not UTF-8.</exception>
    public void Set(int row, ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8)) throw new InvalidOperationException("a text for a column is not UTF-8; decoders promise that it is");
        if (utf8.Length > NativeMethods.Text.InlineBytes)
        {
            fixed (byte* text = utf8) NativeMethods.duckdb_vector_assign_string_element_len(_vector, (ulong)row, text, (ulong)utf8.Length);
            return;
        }

        var target = _texts + row;
        *target = default;
        target->Length = (uint)utf8.Length;
        utf8.CopyTo(new Span<byte>(target->Inline, NativeMethods.Text.InlineBytes));
    }

    /// <summary>Sets a value to that of another row; text that is not held in place is shared.</summary>
    public void Repeat(int row, int ofRow) => _texts[row] = _texts[ofRow];
}
