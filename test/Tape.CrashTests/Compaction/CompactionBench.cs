using Tape.Core.Files;
using Tape.Core.Values;
using Tape.CrashTests.Sealing;
using Tape.Derive.Compaction;
using Tape.Derive.Sealing;
using Tape.Storage.Compaction;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.Compaction;
using Tape.Tables.DuckDb;
using Tape.Tables.Parts;
using Tape.TestKit.Files;
using Tape.TestKit.Time;
using Tape.TestKit.Vaults;
using Tape.Venues;

namespace Tape.CrashTests.Compaction;

/// <summary>A vault of sealed ranges over the end of a day, to be copied for each trial, and one DuckDB that compacts. Not thread-safe.</summary>
internal sealed class CompactionBench : IDisposable
{
    /// <summary>The day that is finished.</summary>
    public static readonly DateOnly Day = new(2026, 11, 20);

    private static readonly OwnerInfo Owner = new("tests", 4711, new UnixNanos(0), null);

    private readonly TemporaryFolder _template = new();
    private readonly CurrentFiles _current = new();
    private readonly PartReader _reader = PartReader.Open(new DuckDbOptions());
    private readonly PartWriter _parts;
    private readonly CompactWriter _writer;

    public CompactionBench()
    {
        _parts = PartWriter.Open(_current, new DuckDbOptions());
        _writer = CompactWriter.Open(_current, new DuckDbOptions());
        // Steps of ten seconds: a range before midnight, one over it, and one until two minutes after it.
        foreach (var (from, to) in new[] { (1, 4), (4, 7), (7, 19) }) Record(_template.Path, from, to);
    }

    /// <summary>A vault of a trial's own.</summary>
    public TemporaryFolder Copy() => _template.Copy();

    /// <summary>Records steps of ten seconds and seals them.</summary>
    public void Record(string vault, int from, int toExcl)
    {
        SmallMarket.Record(TestDisk.Files, vault, from, toExcl, TimeSpan.FromSeconds(10));
        Seal(vault, TestDisk.Files);
    }

    /// <summary>Opens as a recorder does, which recovers, and seals what is there.</summary>
    public void Seal(string vault, IFiles files)
    {
        _current.Now = files;
        using var sealer = Sealer.Open(files, vault, new SealLimits(), VenueCatalog.Find, new FakeTime(), Owner, new BorrowedWriter(_parts));
        sealer.Advance(_ => { }, all: true);
    }

    /// <summary>Makes all days that are due, as the program does.</summary>
    public List<CompactReport> Compact(string vault, IFiles files)
    {
        _current.Now = files;
        using var compactor = DayCompactor.Open(files, vault, Owner, _writer);
        return [.. compactor.Due(SealLog.Read(files, vault)).Select(day => compactor.Compact(day, (_, _) => { }, CancellationToken.None))];
    }

    /// <summary>Makes and folds all days that are due, as <c>tape compact</c> does.</summary>
    public List<MergeReport> MakeDays(string vault, IFiles files)
    {
        _current.Now = files;
        using var sealer = Sealer.Open(files, vault, new SealLimits(), VenueCatalog.Find, new FakeTime(), Owner, new BorrowedWriter(_parts));
        using var compactor = DayCompactor.Open(files, vault, Owner, _writer);
        var folded = new List<MergeReport>();
        new DayMaker(files, vault, compactor, _writer, sealer.Merge)
            .Run(SealLog.Read(files, vault), null, (_, _) => { }, _ => { }, folded.Add, CancellationToken.None);
        return folded;
    }

    /// <summary>
    /// All sealed rows as readers find them now, by table and day, each file read; a file that is missing or has other rows than the log says fails.
    /// </summary>
    public string RawRows(string vault, string context)
    {
        var log = SealLog.Read(TestDisk.Files, vault);
        foreach (var file in log.Files)
        {
            var whole = log.Committed.SelectMany(seal => seal.Files).FirstOrDefault(part => part.Fold?.Path == file.Path)?.Fold ?? file;
            var found = _reader.Read(RawSchema.Find(file.Table)!, EntryPath.Absolute(vault, file.Path));
            Assert.True((found.Rows, found.Hash.ToString()) == (whole.Rows, whole.Hash), $"{file.Path}: {context}");
        }

        return string.Join('\n', log.Files.GroupBy(file => (file.Table, file.Day)).OrderBy(group => group.Key.ToString(), StringComparer.Ordinal)
            .Select(group => $"{group.Key} {new RawDay(group.Key.Day, [.. group]).Totals.Single()}"));
    }

    /// <summary>The tables' folders hold exactly the files that readers see.</summary>
    public static void AssertNoStrays(string vault, string context)
    {
        var log = SealLog.Read(TestDisk.Files, vault);
        Assert.True(log.Pending is null && log.OutOfUse.Count == 0, context);
        Assert.Equal(log.Files.Select(file => EntryPath.Absolute(vault, file.Path)).Order(StringComparer.Ordinal), Parquets(Path.Combine(vault, "raw")));
    }

    /// <summary>What readers see now: every committed file is there and holds what the log says, which adds up to the RAW rows of some generation.</summary>
    public IReadOnlyCollection<CompactDay> Look(string vault, string context)
    {
        var days = CompactHistory.Read(TestDisk.Files, vault).Days;
        foreach (var table in days.SelectMany(day => day.Tables))
        {
            var found = _reader.Read(RawSchema.Find(table.Raw.Table)!, EntryPath.Absolute(vault, table.Path));
            Assert.True((found.Rows, found.Hash.ToString()) == (table.Rows, table.Hash), $"{table.Path}: {context}");
            Assert.True((RowHash.Parse(table.Hash) + RowHash.Parse(table.DuplicatesHash)).ToString() == table.Raw.Hash
                && table.Rows + table.Duplicates == table.Raw.Rows, $"{table.Path}: {context}");
        }

        return days;
    }

    /// <summary>Nothing is due, and the folders hold exactly the committed files.</summary>
    public void AssertDone(string vault, string context)
    {
        var days = Look(vault, context);
        Assert.True(FinishedDays.Of(SealLog.Read(TestDisk.Files, vault)).All(day => days.Single(made => made.Day == day.Day).IsOf(day.Totals)), context);
        Assert.Equal(days.SelectMany(day => day.Tables).Select(table => EntryPath.Absolute(vault, table.Path)).Order(StringComparer.Ordinal),
            Parquets(Path.Combine(vault, "compact")));
        Assert.Empty(Parquets(Path.Combine(vault, "tmp")));
    }

    public void Dispose()
    {
        _writer.Dispose();
        _parts.Dispose();
        _reader.Dispose();
        _template.Dispose();
    }

    /// <summary>Parquet files under a folder, in order.</summary>
    public static List<string> Parquets(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [];
}
