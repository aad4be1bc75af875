using Tape.Storage.Schema;
using Tape.Tables.DuckDb;
using Tape.Tables.Rows;

namespace Tape.Tables.Parts;

/// <summary>
/// Writes parts with an in-memory DuckDB of its own, as <see cref="ParquetCopy"/> says, with zstd level 1. The file carries its origin in its metadata. Memory
/// is bounded by the options.
/// </summary>
public sealed class PartWriter : IPartWriter, IDisposable
{
    private const string SourceName = "part_rows";

    private readonly IFiles _files;
    private readonly DuckDbDatabase _database;
    private readonly DuckDbConnection _connection;
    private readonly PartSource _source = new();
    private readonly DuckDbSourceFunction _function;

    private PartWriter(IFiles files, DuckDbDatabase database)
    {
        _files = files;
        _database = database;
        _connection = database.Connect();
        _function = DuckDbSourceFunction.Register(_connection, SourceName, _source);
    }

    /// <summary>Opens DuckDB for writing.</summary>
    /// <exception cref="DuckDbException">The native library is missing: see <see cref="DuckDbLibrary.TryLoad"/>.</exception>
    public static PartWriter Open(IFiles files, DuckDbOptions options) => new(files, DuckDbDatabase.Open(options));

    public PartFile Write(RowBuffer buffer, PartRows part, in PartOrigin origin, string path)
    {
        try
        {
            _source.Set(buffer, part.Rows);
            _connection.Execute(CopySql(buffer.Table, part.Rows.Length, origin, path));
            if (_source.Read != part.Rows.Length) throw new InvalidOperationException($"DuckDB took {_source.Read} rows of {part.Rows.Length}");
            using (var file = _files.Open(path, FileUse.Write)) file.Sync();
            return new(part.Rows.Length, _files.FileLength(path), _source.Hash);
        }
        catch
        {
            _files.Delete(path);
            _function.ThrowFault();
            throw;
        }
        finally
        {
            _source.Set(null, []);
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
        _function.Dispose();
    }

    private static string CopySql(RawTable table, int rows, in PartOrigin origin, string path) =>
        ParquetCopy.Sql($"FROM {SourceName}()", path, rows, ParquetCopy.DictionaryEntriesMax, level: 1,
    [
        ("tapevault_schema", RawSchema.Version), ("table", table.Name), ("tape_id", origin.TapeIdText), ("first_seq", Text(origin.FromSeq)),
            ("last_seq", Text(origin.ToSeqExcl - 1)),
        ("decoder_version", origin.DecoderVersion),
    ]);

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
