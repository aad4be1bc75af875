namespace Tape.Derive.Rows;

/// <summary>The rules by which frames become rows. Sealed ranges are verified by those that made them.</summary>
public enum RowRules
{
    /// <summary>Of decoder version 1.</summary>
    First = 1,

    /// <summary>Of <see cref="RowDeriver.DecoderVersion"/>.</summary>
    Current = 2,
}
