using Tape.Storage.Schema;

namespace Tape.Storage.Segments;

/// <summary>What a range of the tape derives to. Two ranges that follow one another add up.</summary>
/// <param name="Tables">Rows and row hashes of the tables that have rows, in the order of table names.</param>
/// <param name="Undecodable">Frames that could not be decoded.</param>
public sealed record RangeRows(IReadOnlyList<TableRows> Tables, long Undecodable)
{
    /// <summary>A range without rows.</summary>
    public static RangeRows None { get; } = new([], 0);

    /// <summary>Both ranges together.</summary>
    public static RangeRows operator +(RangeRows left, RangeRows right) => new(
        [.. left.Tables.Concat(right.Tables).GroupBy(table => table.Table).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => group.Aggregate((sum, table) => sum.Plus(table)))],
        Saturating.Add(left.Undecodable, right.Undecodable));
}

/// <summary>Rows of one table.</summary>
/// <param name="Hash">Their <see cref="RowHash"/>.</param>
public sealed record TableRows(string Table, long Rows, string Hash)
{
    internal TableRows Plus(TableRows other) => this with
    {
        Rows = Saturating.Add(Rows, other.Rows),
        Hash = (RowHash.Parse(Hash) + RowHash.Parse(other.Hash)).ToString(),
    };
}
