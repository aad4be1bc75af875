using Tape.Storage.Schema;

namespace Tape.Tables.Rows;

/// <summary>
/// The values of one column; one of the arrays is used, by the column's type. NULL is <see cref="Core.Values.Absent.Integer"/>, <see cref="int.MinValue"/>, NaN
/// or an absent text reference (into the buffer's text).
/// </summary>
internal sealed class RowColumn(RawType type)
{
    public readonly RawType Type = type;
    public long[] Integers = [];
    public int[] Ints = [];
    public double[] Numbers = [];
    public TextRef[] Texts = [];

    public void Resize(int capacity)
    {
        if (Type is RawType.Time or RawType.Integer) Array.Resize(ref Integers, capacity);
        else if (Type is RawType.Int or RawType.Boolean) Array.Resize(ref Ints, capacity);
        else if (Type is RawType.Number) Array.Resize(ref Numbers, capacity);
        else Array.Resize(ref Texts, capacity);
    }
}
