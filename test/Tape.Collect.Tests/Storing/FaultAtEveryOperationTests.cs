using Tape.Collect.Tests.Support;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Files;
using Tape.TestKit.Proofs;
using Tape.TestKit.Time;
using Xunit.Abstractions;

namespace Tape.Collect.Tests.Storing;

/// <summary>A run of the recorder's storage side in which the n-th file operation fails, for every n: every frame is on the tape once, in order.</summary>
public class FaultAtEveryOperationTests(ITestOutputHelper output)
{
    private const int Rounds = 14;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(Fault.Error)]
    [InlineData(Fault.ShortWrite)]
    [InlineData(Fault.DiskFull)]
    public void A_run_that_goes_on_after_a_fault_stores_each_frame_once(Fault fault)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var (_, operations) = Run(seed, (_, _) => { });
        foreach (var operation in Share(operations, step: 1))
        {
            var (stored, _) = Run(seed + operation, (files, _) => files.FailAt(operation, fault));
            AssertWhole(stored, $"{fault} at operation {operation}, seed {seed + operation}");
        }
    }

    [Theory]
    [InlineData(Fault.Error)]
    [InlineData(Fault.ShortWrite)]
    public void A_second_fault_while_the_first_is_being_mended_loses_and_repeats_nothing(Fault fault)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var (_, operations) = Run(seed, (_, _) => { });
        foreach (var operation in Share(operations, step: 5))
            for (var later = 1; later <= 12; later++)
            {
                var (at, after) = (operation, operation + later);
                var (stored, _) = Run(seed + operation, (files, round) =>
                {
                    if (round == 0) files.FailAt(at, fault);
                    else if (files.Operations >= at && files.Operations < after) files.FailAt(after, Fault.Error);
                });
                AssertWhole(stored, $"{fault} at operation {at} and an error at {after}, seed {seed + operation}");
            }
    }

    [Theory]
    [InlineData(Fault.Torn)]
    [InlineData(Fault.Crash)]
    public void After_a_power_loss_all_that_was_released_is_on_the_tape_once_and_the_next_run_goes_on(Fault fault)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var (_, operations) = Run(seed, (_, _) => { });
        foreach (var operation in Share(operations, step: 1))
        {
            var (stored, _) = Run(seed + operation, (files, round) => { if (round == 0) files.FailAt(operation, fault); });
            AssertWhole(stored, $"{fault} at operation {operation}, seed {seed + operation}");
        }
    }

    /// <summary>Opening the first writer is covered by the tests of the tape; a rig that can't open has no pump.</summary>
    private const int FirstOperation = 12;

    private static IEnumerable<int> Share(int operations, int step) =>
        ProofShare.Current.Of(Enumerable.Range(FirstOperation, operations - FirstOperation + 1).Where(number => (number - FirstOperation) % step == 0));

    private static (List<StoredRecord> Stored, int Operations) Run(int seed, Action<FaultyFiles, int> script)
    {
        using var folder = new TemporaryFolder();
        var files = new FaultyFiles(folder.Path, seed);
        var (chance, time) = (new Random(seed), new FakeTime());
        var rig = Start(folder, files, time);
        var next = 0;
        for (var round = 0; round < Rounds; round++)
        {
            script(files, round);
            for (var count = chance.Next(1, 12); count > 0; count--)
                if (rig.Enqueue(rig.Connection, StorageLoopRig.Numbered(next, chance.Next(4, 900)))) next++;
            if (!Step(rig, files, chance)) (rig, next) = Restart(rig, folder, files, time);
        }

        files.FreeSpace();
        for (var wait = 0; wait < 8; wait++)
            if (!Step(rig, files, chance)) (rig, next) = Restart(rig, folder, files, time);
        Finish(rig, folder, files, time);
        rig.StorageLoop.Dispose();
        return (StoredRecord.ReadAll(files, rig.Options.TapeFolder), files.Operations);
    }

    /// <summary>The fault may meet the end of the run, too: then waiting for the next try needs a clock that moves.</summary>
    private static void Finish(StorageLoopRig rig, TemporaryFolder folder, FaultyFiles files, FakeTime time)
    {
        using var space = time.CreateTimer(_ => files.FreeSpace(), null, Second / 2, Second / 2);
        using var moving = time.MoveInBackground();
        try
        {
            Assert.True(rig.StorageLoop.Finish("end"));
        }
        catch (CrashException)
        {
            Assert.True(Restart(rig, folder, files, time).Rig.StorageLoop.Finish("end"));
        }
    }

    private static bool Step(StorageLoopRig rig, FaultyFiles files, Random chance)
    {
        try
        {
            rig.Step(Second);
            if (chance.Next(3) == 0) files.FreeSpace();
            return true;
        }
        catch (CrashException)
        {
            return false;
        }
    }

    /// <summary>The machine starts again; what a socket would send goes on after the last frame that was stored.</summary>
    private static (StorageLoopRig Rig, int Next) Restart(StorageLoopRig rig, TemporaryFolder folder, FaultyFiles files, FakeTime time)
    {
        var released = rig.View.Frames;
        rig.StorageLoop.Dispose();
        files.Restart();
        var again = Start(folder, files, time);
        var frames = again.Stored().Where(record => record.Kind == RecordKind.Frame).Select(record => record.Number).ToList();
        Assert.True(frames.Count >= released, $"{released} frames were released as durable, {frames.Count} are there");
        return (again, frames.Count);
    }

    private static StorageLoopRig Start(TemporaryFolder folder, FaultyFiles files, FakeTime time)
    {
        var options = new RecorderOptions
        {
            Vault = folder.Path,
            Venues = [],
            QueueBytes = 1 << 20,
            StopWithin = TimeSpan.FromHours(1),
            Tape = new TapeOptions { SegmentBytesMax = 12_000, BlockBytesMax = 2000, PendingBytesMax = 3000, ReserveBytes = 16 << 10 },
        };
        var rig = new StorageLoopRig(folder.Path, files, time, options);
        rig.Connect("market");
        return rig;
    }

    private static void AssertWhole(List<StoredRecord> stored, string when)
    {
        var numbers = stored.Where(record => record.Kind == RecordKind.Frame).Select(record => record.Number).ToList();
        var wrong = numbers.Zip(Enumerable.Range(0, numbers.Count)).Where(pair => pair.First != pair.Second).Take(3).ToList();
        Assert.True(wrong.Count == 0 && numbers.Count > Rounds / 2, $"{when}: of {numbers.Count} frames these are at wrong places: {string.Join(", ", wrong)}");
        Assert.True(stored.Select(record => record.Seq).SequenceEqual(Enumerable.Range(0, stored.Count).Select(seq => (long)seq)), when);
        Assert.DoesNotContain(stored.SkipWhile(record => record.Note is not StoppedNote).DefaultIfEmpty(stored[0]), record => record.Kind == RecordKind.Frame);
    }
}
