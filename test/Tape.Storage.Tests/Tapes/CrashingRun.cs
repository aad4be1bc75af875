using System.Text;
using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Files;

namespace Tape.Storage.Tests.Tapes;

/// <summary>The workload with its own memory of what was promised.</summary>
internal sealed class CrashingRun
{
    private const int Frames = 60;

    private readonly TapeFixture _tape;
    private readonly List<int> _appended = [];
    private readonly Random _chance;
    private readonly bool _writesAhead;
    private TapeSync? _sync;
    private int _synced;
    private int _committed;
    private int _next;

    /// <param name="writesAhead">Syncs begin, run and are given back at different times, with more records written in between.</param>
    public CrashingRun(TapeFixture tape, int seed, bool writesAhead)
    {
        (_tape, _chance, _writesAhead) = (tape, new Random(seed), writesAhead);
        Faulty = new FaultyFiles(tape.Root.Path, seed);
        tape.Files = Faulty;
    }

    public FaultyFiles Faulty { get; }

    /// <summary>Records all frames, opening again after each failure as a recorder would; power comes back at once.</summary>
    public void Go()
    {
        for (var tries = 0; _committed < Frames; tries++)
        {
            Assert.InRange(tries, 0, 5);
            GoUntilCrash();
        }
    }

    public void GoUntilCrash()
    {
        try
        {
            using var writer = _tape.Open(seed: 3);
            Resume();
            _sync = null;
            while (_next < Frames) Step(writer);
        }
        catch (CrashException)
        {
            Faulty.Restart();
        }
        catch (Exception fault) when (fault is WriterBrokenException or IOException or DiskFullException)
        {
            Faulty.FreeSpace();
        }
    }

    public void Check(string context)
    {
        TestDisk.AssertNothingRefused(_tape.Root.Path, context);
        var frames = FrameNumbers();
        Assert.True(frames.Distinct().Count() == frames.Count, $"twice: {context}");
        Assert.True(frames.SequenceEqual(Enumerable.Range(0, Frames)), $"{string.Join(' ', frames)}: {context}");
        var report = _tape.Verify();
        Assert.True(report.IsGood && report.UnfinishedBytes == 0, $"{string.Join('\n', report.Damage)} {report.UnfinishedBytes} unfinished: {context}");
    }

    private void Step(TapeWriter writer)
    {
        var number = _next++;
        _appended.Add(number);
        Guard(writer, () => writer.Append(RecordKind.Frame, 1, new UnixNanos(number), Payload(number)));
        var isDue = number % 3 == 2 || number == Frames - 1;
        if (_writesAhead) StepAhead(writer, isDue);
        else if (isDue) Commit(writer);
    }

    private void Commit(TapeWriter writer)
    {
        Guard(writer, writer.Commit);
        _committed = _next;
    }

    private void StepAhead(TapeWriter writer, bool isDue)
    {
        if (isDue) Guard(writer, writer.Write);
        if (_sync is null && isDue) (_sync, _synced) = (writer.BeginSync(), _next);
        else if (_sync is { HasRun: false } running && _chance.Next(3) == 0) running.Run();
        else if (_sync is { HasRun: true } done && _chance.Next(3) == 0) Complete(writer, done);
        if (_next < Frames) return;
        if (_sync is { } last)
        {
            if (!last.HasRun) last.Run();
            Complete(writer, last);
        }

        Commit(writer);
    }

    private void Complete(TapeWriter writer, TapeSync sync)
    {
        _sync = null;
        writer.CompleteSync(sync);
        _committed = Math.Max(_committed, _synced);
    }

    /// <summary>On a full disk the recorder pauses, says so, and tries again when there is room: the writer must not be broken.</summary>
    private void Guard(TapeWriter writer, Action action)
    {
        try
        {
            action();
        }
        catch (DiskFullException)
        {
            Assert.False(writer.IsBroken);
            writer.TryWriteReserved(_tape.Now(), new PausedNote("disk full", 0).ToJson());
            Faulty.FreeSpace();
            action();
        }
    }

    /// <summary>After a failure: what was committed is there; of the rest a first part may be. The recorder goes on behind it.</summary>
    private void Resume()
    {
        var frames = FrameNumbers();
        Assert.True(frames.Count >= _committed && frames.SequenceEqual(Enumerable.Range(0, frames.Count)),
            $"committed {_committed}, there: {string.Join(' ', frames)}");
        Assert.InRange(frames.Count, _committed, Math.Max(_committed, _appended.Count));
        (_next, _committed) = (frames.Count, frames.Count);
        _appended.RemoveRange(_next, _appended.Count - _next);
    }

    private List<int> FrameNumbers()
    {
        var numbers = new List<int>();
        foreach (var record in _tape.ReadAll().Where(record => record.Kind == RecordKind.Frame))
        {
            numbers.Add((int)record.Time);
            Assert.True(Payload((int)record.Time).AsSpan().SequenceEqual(record.Payload));
        }
        return numbers;
    }

    private static byte[] Payload(int number) =>
        number % 13 == 7 ? TapeFixture.Frame(number, 9000) : Encoding.UTF8.GetBytes($"frame {number} {new string('x', number * 7 % 400)}");
}
