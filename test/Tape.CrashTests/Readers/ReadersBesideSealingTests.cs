using Tape.Core.Values;
using Tape.CrashTests.Support;
using Tape.Derive.Decoding;
using Tape.Derive.Rows;
using Tape.Derive.Sealing;
using Tape.Query.Snapshots;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Tapes;
using Tape.Tables.Parts;
using Tape.TestKit.Files;
using Tape.TestKit.Time;
using Tape.Venues;
using Xunit.Abstractions;

namespace Tape.CrashTests.Readers;

/// <summary>Readers take snapshots while one thread records and another seals: no row twice, none missing, and nothing that was seen goes away.</summary>
public sealed class ReadersBesideSealingTests(ITestOutputHelper output) : IDisposable
{
    private const int Commits = 300;
    private const int FramesPerCommit = 10;
    private const int CommitsPerSnapshot = 20;

    private readonly TestVault _vault = new();
    private int _snapshots;
    private volatile bool _recorded;
    private volatile bool _sealed;

    public void Dispose() => _vault.Dispose();

    [Fact]
    public async Task A_snapshot_has_every_row_up_to_one_place_on_the_tape_once()
    {
        _vault.Record(tape =>
        {
            tape.Start();
            tape.Connect(1);
        });
        var recording = Task.Run(Record);
        var sealing = Task.Run(Seal);
        var readers = new[] { Task.Run(Read), Task.Run(Read) };
        await recording;
        var seals = await sealing;
        var snapshots = await Task.WhenAll(readers);
        output.WriteLine($"{seals} seals, {snapshots[0]} and {snapshots[1]} snapshots while they were made");
        Assert.True(seals > 5 && snapshots.Sum() > 10, $"{seals} seals, {snapshots.Sum()} snapshots");
        Assert.Empty(_vault.Check(deep: true).Findings);
    }

    private void Record()
    {
        try
        {
            using var writer = TapeWriter.Open(TestDisk.Files, TapeRange.Folder(_vault.Path), _vault.Options, new FakeTime(), new Random(1),
                new OwnerInfo("tests", 1, default, null));
            for (var number = 0; number < Commits * FramesPerCommit; number++)
            {
                writer.Append(RecordKind.Frame, 1, new UnixNanos(_vault.Now.Value + number), _vault.Frames[number].Payload);
                if ((number + 1) % FramesPerCommit != 0) continue;
                writer.Commit();
                if (!WaitForReaders((number + 1) / FramesPerCommit / CommitsPerSnapshot)) return;
            }
        }
        finally
        {
            _recorded = true;
        }
    }

    /// <summary>On a busy machine recording would be over before anybody has looked.</summary>
    private bool WaitForReaders(int snapshots) => SpinWait.SpinUntil(() => Volatile.Read(ref _snapshots) >= snapshots, Patience.Max);

    private int Seal()
    {
        var seals = 0;
        try
        {
            using var sealer = Sealer.Open(TestDisk.Files, _vault.Path, new SealLimits { Rows = 400 }, VenueCatalog.Find, new FakeTime(),
                new OwnerInfo("tests", 1, default, null));
            while (!_recorded) sealer.Advance(_ => seals++, all: false);
            sealer.Advance(_ => seals++, all: true);
        }
        finally
        {
            _sealed = true;
        }

        return seals;
    }

    private int Read()
    {
        using var parts = PartReader.Open(new());
        var (snapshots, end) = (0, 0L);
        while (!_sealed)
        {
            var snapshot = TapeSnapshot.Take(TestDisk.Files, _vault.Path, default);
            // The two notes before the first frame, and as many frames as its streams count.
            var to = 2 + snapshot.Streams.Sum(stream => stream.Frames);
            Assert.True(to >= end, $"records up to {end} were seen before, now only up to {to}");
            end = to;
            AssertSame(snapshot, parts, end);
            snapshots++;
            Interlocked.Increment(ref _snapshots);
        }

        return snapshots;
    }

    private void AssertSame(VaultSnapshot snapshot, PartReader parts, long end)
    {
        var expected = DerivedRange.Derive(TestDisk.Files, _vault.Path, 0, end, DerivationState.Start, VenueCatalog.Find);
        foreach (var buffer in expected.Rows.Buffers)
        {
            var files = snapshot.Files.Where(file => file.Table == buffer.Table.Name).ToList();
            var rows = files.Sum(file => parts.Read(buffer.Table, EntryPath.Absolute(_vault.Path, file.Path)).Rows) + snapshot.Tail[buffer.Table].Count;
            Assert.True(rows == buffer.Count, $"{buffer.Table}: {rows} rows seen up to record {end}, expected {buffer.Count}");
        }
    }
}
