namespace Tape.Storage.Schema;

/// <summary>A RAW table of contract v1: its name and its columns in order, the common ones first.</summary>
public sealed class RawTable
{
    internal RawTable(int index, string name, params RawColumn[] own)
    {
        Index = index;
        Name = name;
        Columns = [.. RawSchema.Common, .. own];
    }

    /// <summary>0-based place in <see cref="RawSchema.Tables"/>.</summary>
    public int Index { get; }

    /// <summary>Name in paths and SQL.</summary>
    public string Name { get; }

    /// <summary>Columns in the order of the file.</summary>
    public IReadOnlyList<RawColumn> Columns { get; }

    /// <summary>Columns as the inside of a CREATE TABLE.</summary>
    public string SqlColumns => string.Join(", ", Columns.Select(column => $"{column.Name} {column.SqlType}"));

    public override string ToString() => Name;
}
