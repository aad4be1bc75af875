using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Derive.Decoding;
using Tape.Derive.Sealing;
using Tape.Query.Sanity;
using Tape.Storage.Journal;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Files;
using Tape.TestKit.Time;
using Tape.Venues;

namespace Tape.CrashTests.Sealing;

/// <summary>
/// One run of the workload record → seal → record → seal on a disk that fails, with its own memory of what was promised: after each failure everything is
/// opened again as the programs do it, and at each one a reader looks.
/// </summary>
internal sealed class SealingTrial : IDisposable
{
    private const int CommitEvery = 4;
    private const int FailuresMax = 6;
    private static readonly OwnerInfo Owner = new("tests", 4711, new UnixNanos(0), null);
    private static readonly TapeOptions Options = new() { SegmentBytesMax = 4096, BlockBytesMax = 800, PendingBytesMax = 20_000, ReserveBytes = 16 << 10 };
    private static readonly int[] SealAt = [12, 24];

    private readonly TemporaryFolder _root = new();
    private readonly FakeTime _time = new();
    private readonly SealingBench _bench;
    private readonly string _context;
    private TapeWriter? _writer;
    private Sealer? _sealer;
    private int _next;
    private int _committed;
    private int _failures;

    public SealingTrial(SealingBench bench, int seed, string context)
    {
        (_bench, _context) = (bench, context);
        Directory.CreateDirectory(Vault);
        Files = new FaultyFiles(_root.Path, seed);
    }

    public FaultyFiles Files { get; }

    /// <summary>Faults that were met.</summary>
    public int Failures => _failures;

    /// <summary>Called once, after the first failure; it may script the next one.</summary>
    public Action? AfterFailure { get; set; }

    public string Vault => _root["vault"];

    /// <summary>Runs to the end of the workload, seals everything, and leaves nothing open.</summary>
    public void Run()
    {
        while (!TryGoOn())
        {
            Assert.InRange(++_failures, 1, FailuresMax);
            AfterFailure?.Invoke();
            AfterFailure = null;
        }

        Close();
        TestDisk.AssertNothingRefused(_root.Path, _context);
        var times = _bench.CheckReaders(Vault, $"at the end: {_context}");
        AssertRecords(times, _bench.Script.Count);
    }

    /// <summary>The whole check of the vault, with every row derived again.</summary>
    public SanityReport Sanity()
    {
        var report = new SanityCheck(TestDisk.Files, Vault).Run(deep: true, _ => { }, CancellationToken.None);
        Assert.True(report.IsSound, $"{string.Join('\n', report.Findings)}: {_context}");
        Assert.Equal(report.Rows, report.RowsProven);
        Assert.Equal(0, report.TailRows);
        return report;
    }

    public void Dispose()
    {
        Close();
        _root.Dispose();
    }

    private bool TryGoOn()
    {
        try
        {
            Open();
            while (_next < _bench.Script.Count) Step();
            Seal();
            return true;
        }
        catch (CrashException)
        {
            Close();
            Look();
            Files.Restart();
            return false;
        }
        catch (Exception fault) when (fault is TapeException or IOException)
        {
            Close();
            Look();
            Files.FreeSpace();
            return false;
        }
    }

    private void Open()
    {
        _writer = TapeWriter.Open(Files, TapeRange.Folder(Vault), Options, _time, new Random(3), Owner);
        var there = _bench.CheckReaders(Vault, $"after recovery: {_context}");
        AssertRecords(there, _committed);
        (_next, _committed) = (there.Count, there.Count);
    }

    private void Step()
    {
        var record = _bench.Script[_next];
        _writer!.Append(record.Kind, record.Connection, record.Time, record.Payload);
        _next++;
        if (_next % CommitEvery == 0 || _next == _bench.Script.Count)
        {
            Commit();
            _committed = _next;
        }

        if (SealAt.Contains(_next)) Seal();
    }

    /// <summary>On a full disk the recorder pauses and goes on with the same writer.</summary>
    private void Commit()
    {
        try
        {
            _writer!.Commit();
        }
        catch (DiskFullException)
        {
            Assert.False(_writer!.IsBroken);
            Look();
            _writer.TryWriteReserved(UnixNanos.From(_time.GetUtcNow()), new PausedNote("disk full", 0).ToJson());
            Files.FreeSpace();
            _failures++;
            _writer.Commit();
        }
    }

    private void Seal()
    {
        _sealer ??= Sealer.Open(Files, Vault, new SealLimits(), VenueCatalog.Find, _time, Owner, _bench.WriterFor(Files));
        _sealer.Advance(_ => { }, all: true);
    }

    /// <summary>A reader in another process that was not hurt.</summary>
    private void Look()
    {
        if (Directory.Exists(TapeRange.Folder(Vault))) _bench.CheckReaders(Vault, $"at the fault: {_context}");
    }

    private void AssertRecords(List<long> times, int atLeast)
    {
        var expected = _bench.Script.Take(times.Count).Select(record => record.Time.Value);
        Assert.True(times.Count >= atLeast && times.SequenceEqual(expected), $"the tape has {times.Count} records, {atLeast} were promised: {_context}");
    }

    private void Close()
    {
        _sealer?.Dispose();
        _writer?.Dispose();
        (_sealer, _writer) = (null, null);
    }
}
