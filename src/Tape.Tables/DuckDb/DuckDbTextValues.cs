namespace Tape.Tables.DuckDb;

/// <summary>The values of a VARCHAR column of a chunk; valid until the next chunk is read. Those of NULL rows mean nothing and must not be asked for.</summary>
public readonly unsafe ref struct DuckDbTextValues
{
    private readonly NativeMethods.Text* _texts;

    internal DuckDbTextValues(NativeMethods.Text* texts) => _texts = texts;

    /// <summary>UTF-8 text of a row.</summary>
    public ReadOnlySpan<byte> this[int row]
    {
        get
        {
            var text = _texts + row;
            return text->Length <= NativeMethods.Text.InlineBytes ? new(text->Inline, (int)text->Length) : new(text->Pointer, (int)text->Length);
        }
    }
}
