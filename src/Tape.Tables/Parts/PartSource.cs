using Tape.Storage.Schema;
using Tape.Tables.DuckDb;
using Tape.Tables.Rows;

namespace Tape.Tables.Parts;

/// <summary>The rows of one part, for DuckDB to read. Not thread-safe.</summary>
internal sealed class PartSource : IDuckDbSource
{
    private RowBuffer? _buffer;
    private RowHasher _hasher = new();
    private int[] _rows = [];
    private int _next;

    public IReadOnlyList<DuckDbColumn> Columns { get; private set; } = [];

    /// <summary>The hash of the rows read so far.</summary>
    public RowHash Hash => _hasher.Hash;

    /// <summary>Rows read so far.</summary>
    public int Read => _next;

    /// <summary>Sets what is read next; null lets go of it.</summary>
    public void Set(RowBuffer? buffer, int[] rows)
    {
        (_buffer, _rows) = (buffer, rows);
        Columns = buffer is null ? [] : [.. buffer.Table.Columns.Select(column => new DuckDbColumn(column.Name, column.DuckDbType()))];
    }

    public void Begin() => (_hasher, _next) = (new RowHasher(), 0);

    public int Fill(DuckDbVectors chunk)
    {
        var rows = _rows.AsSpan(_next, Math.Min(_rows.Length - _next, DuckDbVectors.RowsMax));
        if (rows.IsEmpty || _buffer is null) return 0;
        RowFiller.Fill(chunk, _buffer, rows, _hasher);
        _next += rows.Length;
        return rows.Length;
    }
}
