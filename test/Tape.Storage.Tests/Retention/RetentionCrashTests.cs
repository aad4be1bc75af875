using Tape.Core.Errors;
using Tape.Storage.Tapes;
using Tape.Storage.Tests.Tapes;
using Tape.TestKit.Files;
using Tape.TestKit.Proofs;
using Xunit.Abstractions;

namespace Tape.Storage.Tests.Retention;

/// <summary>
/// Compressing, listing, verifying, keeping and deleting, cut at the n-th file operation for every n. At every moment the tape reads as before from its first
/// record that has not expired, and every record before that one is known as expired.
/// </summary>
public sealed class RetentionCrashTests(ITestOutputHelper output)
{
    private const int Frames = 36;

    [Theory]
    [InlineData(Fault.Error)]
    [InlineData(Fault.ShortWrite)]
    [InlineData(Fault.Torn)]
    [InlineData(Fault.Crash)]
    [InlineData(Fault.DiskFull)]
    public async Task Nothing_is_lost_wherever_keeping_is_cut(Fault fault)
    {
        var seed = Environment.TickCount & 0xFFFF;
        output.WriteLine($"seed {seed}");
        using var prepared = Prepared(out var records);
        foreach (var number in ProofShare.Current.Numbers())
        {
            using var rig = Copy(prepared);
            var faulty = new FaultyFiles(rig.Tape.Root.Path, seed + number);
            faulty.FailAt(number, fault);
            rig.Tape.Files = faulty;
            var context = $"{fault} at operation {number}, seed {seed}";
            for (var tries = 0; !await TryAdvance(rig, faulty); tries++)
            {
                Check(rig, records, context);
                Assert.True(tries < 4, context);
            }
            Check(rig, records, context);
            Assert.True(rig.Segments() is [var left] && left.FirstSeq > 24, context);
            Assert.True(Directory.GetFiles(rig.KeptFolder, "*.kept").Length == 2, context);
            if (faulty.Operations < number) break;
        }
    }

    private static RetentionRig Prepared(out List<Kept> records)
    {
        var rig = new RetentionRig { Rules = new() { KeepBytes = 0 } };
        rig.Tape.Options = rig.Tape.Options with { SegmentBytesMax = 2_500 };
        rig.Tape.Record(Frames);
        rig.Seal(10, 25, Frames);
        rig.Verifier.Undecodable.UnionWith([3, 4, 12]);
        records = rig.Tape.ReadAll();
        return rig;
    }

    private static RetentionRig Copy(RetentionRig prepared)
    {
        var rig = new RetentionRig { Rules = prepared.Rules };
        rig.Verifier.Undecodable.UnionWith(prepared.Verifier.Undecodable);
        foreach (var path in Directory.GetFiles(prepared.Vault, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(rig.Vault, Path.GetRelativePath(prepared.Vault, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
        return rig;
    }

    /// <summary>Runs the keeper as a session does: it is opened again until it gets through; power comes back at once.</summary>
    private static async Task<bool> TryAdvance(RetentionRig rig, FaultyFiles faulty)
    {
        try
        {
            await rig.Advance();
            return rig.Segments().Count == 1;
        }
        catch (CrashException)
        {
            faulty.Restart();
        }
        catch (Exception fault) when (fault is WriterBrokenException or IOException or DiskFullException)
        {
            // Told by the session, which tries again.
        }
        finally
        {
            faulty.FreeSpace();
        }
        return false;
    }

    private static void Check(RetentionRig rig, List<Kept> records, string context)
    {
        TestDisk.AssertNothingRefused(rig.Tape.Root.Path, context);
        var history = rig.History();
        var first = rig.Segments()[0].FirstSeq;
        using var reader = TapeReader.Open(TestDisk.Files, rig.Tape.Folder);
        var seq = first;
        for (; reader.TryRead(out var record); seq++)
        {
            Assert.True(record.Seq == seq, context);
            Assert.True(records[(int)seq].Equals(new Kept(record.Kind, record.Connection, record.Time.Value, record.Payload.ToArray())), context);
        }
        Assert.True(seq == Frames, $"reads to {seq}: {context}");
        Assert.True(TapeVerifier.Run(TestDisk.Files, rig.Tape.Folder).IsGood, context);
        for (var gone = 0; gone < first; gone++) Assert.True(history.WhereIs(gone) is not null, $"record {gone} is gone and nothing says why: {context}");
        foreach (var story in history.Segments.Where(story => story.Verified is not null))
            Assert.Equivalent(ScriptedVerifier.Rows(story.Segment.FirstSeq, story.Segment.NextSeq), story.Verified!.Rows, strict: true);
    }
}
