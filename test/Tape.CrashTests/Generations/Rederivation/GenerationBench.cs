using Tape.Core.Files;
using Tape.Core.Values;
using Tape.CrashTests.Sealing;
using Tape.Derive.Rederivation;
using Tape.Derive.Sealing;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.DuckDb;
using Tape.Tables.Parts;
using Tape.TestKit.Files;
using Tape.TestKit.Time;
using Tape.TestKit.Vaults;
using Tape.TestKit.Venues;
using Tape.Venues;

namespace Tape.CrashTests.Generations;

/// <summary>
/// A vault of two sealed ranges with trades and quotes, to be copied for each trial; one DuckDB that writes parts and one that reads them. Not thread-safe.
/// </summary>
internal sealed class GenerationBench : IDisposable
{
    /// <summary>The version of the decoders that were changed on purpose.</summary>
    public const string NextVersion = "3";

    public static readonly OwnerInfo Owner = new("tests", 4711, new UnixNanos(0), null);

    private readonly TemporaryFolder _template = new();
    private readonly CurrentFiles _current = new();
    private readonly PartWriter _writer;
    private readonly PartReader _reader = PartReader.Open(new DuckDbOptions());

    public GenerationBench()
    {
        _writer = PartWriter.Open(_current, new DuckDbOptions());
        // Steps without the tenth ones, so that there are two tables.
        for (var from = 1; from < 20; from += 10)
        {
            SmallMarket.Record(TestDisk.Files, _template.Path, from, from + 9, TimeSpan.FromSeconds(1));
            Seal(_template.Path, TestDisk.Files);
        }

        Old = HashesOf(_template.Path);
        using var copy = Copy();
        Replace(copy.Path, TestDisk.Files);
        New = HashesOf(copy.Path);
    }

    /// <summary>Hashes of the first generation: by first record, of each table.</summary>
    public IReadOnlyDictionary<long, string> Old { get; }

    /// <summary>Hashes of what the changed decoders derive.</summary>
    public IReadOnlyDictionary<long, string> New { get; }

    /// <summary>A vault of a trial's own.</summary>
    public TemporaryFolder Copy() => _template.Copy();

    public void Replace(string vault, IFiles files, Action<RangeReport>? told = null)
    {
        _current.Now = files;
        Rederiver.Replace(files, vault, null, ChangedVenue.Find, NextVersion, Owner, _writer, told ?? (_ => { }), CancellationToken.None);
    }

    /// <summary>Opens as a recorder does, which recovers, and seals what is there.</summary>
    public void Seal(string vault, IFiles files)
    {
        _current.Now = files;
        using var sealer = Sealer.Open(files, vault, new SealLimits(), VenueCatalog.Find, new FakeTime(), Owner, new BorrowedWriter(_writer));
        sealer.Advance(_ => { }, all: true);
    }

    /// <summary>What readers see now: each range once, in order, wholly old or wholly new, in files that hold what the log says.</summary>
    /// <returns>For each range whether it is new.</returns>
    public List<bool> Look(string vault, string context)
    {
        var seen = new List<bool>();
        foreach (var (from, hashes) in HashesOf(vault))
        {
            Assert.True(hashes == Old.GetValueOrDefault(from) || hashes == New.GetValueOrDefault(from),
                $"range at {from} is neither old nor new: {hashes}; {context}");
            seen.Add(hashes == New[from]);
        }

        Assert.Equal(Old.Count, seen.Count);
        return seen;
    }

    /// <summary>
    /// Nothing waits to be put right: the tables' folders hold exactly the committed files, the archive the replaced ones, <c>tmp</c> nothing.
    /// </summary>
    public void AssertClean(string vault, string context)
    {
        var log = SealLog.Read(TestDisk.Files, vault);
        Assert.True(log.Pending is null && log.Superseded.Count == 0, context);
        Assert.Equal(log.Committed.SelectMany(seal => seal.Files).Select(file => EntryPath.Absolute(vault, file.Path)).Order(StringComparer.Ordinal),
            Parts(Path.Combine(vault, "raw")));
        Assert.Equal(log.Committed.Where(seal => seal.Generation > 0).Sum(seal => seal.Files.Count), Parts(Path.Combine(vault, "archive")).Count);
        Assert.Empty(Parts(Path.Combine(vault, "tmp")));
    }

    public void Dispose()
    {
        _reader.Dispose();
        _writer.Dispose();
        _template.Dispose();
    }

    private static List<string> Parts(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [];

    private Dictionary<long, string> HashesOf(string vault)
    {
        var hashes = new Dictionary<long, string>();
        foreach (var seal in SealLog.Read(TestDisk.Files, vault).Committed)
        {
            foreach (var file in seal.Files)
                Assert.Equal(file.Hash, _reader.Read(RawSchema.Find(file.Table)!, EntryPath.Absolute(vault, file.Path)).Hash.ToString());
            hashes.Add(seal.FromSeq, string.Join(' ', seal.Files.Select(file => $"{file.Table} {file.Hash}")));
        }

        return hashes;
    }
}
