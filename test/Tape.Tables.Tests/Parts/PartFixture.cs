using Tape.Storage.Files;
using Tape.Storage.Schema;
using Tape.Tables.DuckDb;
using Tape.Tables.Parts;
using Tape.Tables.Rows;
using Tape.TestKit.Files;
using Tape.TestKit.Tables;

namespace Tape.Tables.Tests.Parts;

/// <summary>Rows, a writer, and a DuckDB of its own to look at what was written.</summary>
internal sealed class PartFixture : IDisposable
{
    public const long Day = 1_763_683_200_000_000_000; // 2025-11-21
    public static readonly PartOrigin Origin = new(0xABCDEF, 10, 5000, "binance 1");

    private readonly TemporaryFolder _folder = new();
    private readonly DuckDbDatabase _database = DuckDbDatabase.Open(new DuckDbOptions());

    public PartFixture()
    {
        Connection = _database.Connect();
        Writer = PartWriter.Open(TestDisk.Files, new DuckDbOptions());
    }

    public RowSet Rows { get; } = new();

    public DuckDbConnection Connection { get; }

    public PartWriter Writer { get; }

    public string Folder => _folder.Path;

    public void Random(int seed, int frames, bool isFirstLayout = false) =>
        new RandomRows(seed) { IsFirstLayout = isFirstLayout }.Fill(Rows, frames, Day + 86_000_000_000_000, 1_000_000_000_000 / frames * 2, "binance", "okx");

    /// <summary>Writes all parts of a table.</summary>
    public List<(PartRows Part, PartFile File, string Path)> WriteAll(RawTable table)
    {
        var written = new List<(PartRows, PartFile, string)>();
        foreach (var part in Rows[table].Split())
        {
            var path = EntryPath.Absolute(Folder, PartPath.Of(table, part.Venue, part.Day, Origin));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            written.Add((part, Writer.Write(Rows[table], part, Origin, path), path));
        }
        return written;
    }

    public void Dispose()
    {
        Writer.Dispose();
        Connection.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }
}
