using System.Text;
using Tape.Core.Values;
using Tape.Query.Engine;
using Tape.Query.Output;
using Tape.Query.Snapshots;
using Tape.Storage.Files;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.DuckDb;
using Tape.Tables.Parts;
using Tape.Tables.Rows;
using Tape.TestKit.Files;
using Tape.TestKit.Tables;

namespace Tape.Query.Tests;

/// <summary>A vault with sealed parts and a tail, and questions about it.</summary>
internal sealed class QueryFixture : IDisposable
{
    /// <summary>Receive time of the first row: 2025-11-21T23:00Z.</summary>
    public const long Start = 1_763_683_200_000_000_000 + 23 * 3_600_000_000_000;

    private readonly TemporaryFolder _vault = new();
    private readonly List<SealedFile> _files = [];

    public string Vault => _vault.Path;

    public RowSet Sealed { get; } = new();

    public RowSet Tail { get; } = new();

    public IReadOnlyList<StreamStatistics> Streams { get; set; } = [];

    public VaultSnapshot Snapshot => new(Vault, _files, Tail, () => Streams);

    /// <summary>Two hours of sealed rows about midnight, and ten minutes of tail.</summary>
    public QueryFixture Filled()
    {
        new RandomRows(11).Fill(Sealed, 2000, Start, 7_200_000_000, "binance", "okx");
        new RandomRows(12).Fill(Tail, 300, Start + 3 * 3_600_000_000_000, 2_000_000_000, "binance");
        var origin = new PartOrigin(1, 0, 4000, "test");
        using var writer = PartWriter.Open(DiskFiles.Instance, new DuckDbOptions());
        foreach (var buffer in Sealed.Buffers)
            foreach (var part in buffer.Split())
            {
                var path = PartPath.Of(buffer.Table, part.Venue, part.Day, origin);
                Directory.CreateDirectory(Path.GetDirectoryName(EntryPath.Absolute(Vault, path))!);
                var file = writer.Write(buffer, part, origin, EntryPath.Absolute(Vault, path));
                _files.Add(new(buffer.Table.Name, part.Venue, part.Day, path, file.Rows, file.Bytes, file.Hash.ToString(), part.ReceivedMin, part.ReceivedMax));
            }
        return this;
    }

    public string Ask(string sql, string format = "csv", QueryRange range = default, long now = Start, CancellationToken cancel = default,
        string? outPath = null)
    {
        using var engine = QueryEngine.Open(Snapshot, range, new QueryLimits(), new UnixNanos(now), outPath, cancel);
        if (outPath is not null) return engine.WriteParquet(sql, outPath).ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var rows = engine.Run(sql);
        using var text = new MemoryStream();
        RowWriters.WriteAll(rows, RowWriters.Create(format, text, null, Notes.Add));
        return Encoding.UTF8.GetString(text.ToArray());
    }

    public List<string> Notes { get; } = [];

    public void Dispose() => _vault.Dispose();
}
