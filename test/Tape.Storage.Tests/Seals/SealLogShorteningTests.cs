using System.IO.Compression;
using Tape.Core.Errors;
using Tape.Core.Files;
using Tape.Storage.Files;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.TestKit.Files;
using Tape.TestKit.Proofs;
using Tape.TestKit.Vaults;
using Xunit.Abstractions;

namespace Tape.Storage.Tests.Seals;

/// <summary>Seals of folded days leave the log for archives; what readers learn stays the same.</summary>
public sealed class SealLogShorteningTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _vault = new();

    private string LogPath => PartPath.SealLog(_vault.Path);

    public void Dispose() => _vault.Dispose();

    [Fact]
    public void A_short_log_says_what_the_long_one_said()
    {
        using (var log = ShortLog.Open(_vault.Path)) ShortLog.Fill(log, 0, 5);
        var (before, length) = (ShortLog.Look(_vault.Path), new FileInfo(LogPath).Length);
        using (var log = ShortLog.Open(_vault.Path))
        {
            Assert.True(log.Shorten());
            Assert.Equal(before, ShortLog.Look(_vault.Path));
            Assert.InRange(new FileInfo(LogPath).Length, 1, length / 2);
            Assert.False(log.Shorten());
            Assert.Equal(before, ShortLog.Look(_vault.Path));
        }

        var read = SealLog.Read(TestDisk.Files, _vault.Path);
        // All of days 0 to 3 but the seal that reaches into day 4, and day 4.
        Assert.Equal((4 * ShortLog.SealsADay - 1, ShortLog.SealsADay + 1), (read.Front!.Seals, read.Committed.Count));
        Assert.Equal("""{"after":14}""", read.Front.State!.Value.GetRawText());
        Assert.Equal(5 - 1, read.Front.Undecodable);
        using var again = ShortLog.Open(_vault.Path);
        Assert.Equal((read.LastId + 1, 0, 0), (again.NextId, again.FromSeq, again.CutBytes));
    }

    [Fact]
    public void A_log_that_is_shortened_each_day_stays_as_short_as_on_the_first_one()
    {
        using var short_ = ShortLog.Open(_vault.Path);
        using var other = new TemporaryFolder();
        using var long_ = ShortLog.Open(other.Path);
        for (var day = 0; day < 12; day++)
        {
            foreach (var log in new[] { short_, long_ })
            {
                for (var seal = 0; seal < ShortLog.SealsADay; seal++) ShortLog.Append(log, day, seal);
                if (day > 0) PaperMerge.Fold(log, ShortLog.Day(day - 1));
            }

            short_.Shorten();
            Assert.InRange(short_.Committed.Count, 1, ShortLog.SealsADay + 1);
        }

        // Numbers differ in nothing: shortening takes none.
        Assert.Equal(ShortLog.Look(other.Path), ShortLog.Look(_vault.Path));
        Assert.Equal(long_.NextId, short_.NextId);
    }

    [Fact]
    public void Seals_of_a_range_are_read_from_the_archives_that_have_them()
    {
        using var log = ShortLog.Open(_vault.Path);
        for (var day = 0; day < 6; day++)
        {
            ShortLog.Fill(log, day, 1);
            if (day > 0) PaperMerge.Fold(log, ShortLog.Day(day - 1));
            log.Shorten();
        }

        var read = SealLog.Read(TestDisk.Files, _vault.Path);
        Assert.Equal(5, read.Front!.Archives.Count);
        foreach (var archive in read.Front.Archives.Where((_, number) => number is 0 or 3)) File.Delete(EntryPath.Absolute(_vault.Path, archive.Path));
        var found = read.Of(50, 70);
        Assert.All(new[] { 40L, 50, 60 }, from => Assert.Contains(found, seal => seal.FromSeq == from));
        Assert.Equal(found.Select(seal => seal.FromSeq).Order(), found.Select(seal => seal.FromSeq));
        Assert.Contains("is missing", Assert.Throws<DamagedException>(() => read.Of(130, 140)).Message, StringComparison.Ordinal);
        Assert.Throws<DamagedException>(() => read.All.Count());
    }

    [Theory]
    [InlineData(Fault.Error)]
    [InlineData(Fault.Torn)]
    [InlineData(Fault.DiskFull)]
    public void Wherever_shortening_is_cut_the_log_is_there_as_before_or_as_after(Fault fault)
    {
        using (var log = ShortLog.Open(_vault.Path))
        {
            ShortLog.Fill(log, 0, 3);
            log.Shorten();
            ShortLog.Fill(log, 3, 1);
            PaperMerge.Fold(log, ShortLog.Day(2));
        }

        var expected = ShortLog.Look(_vault.Path);
        var seed = Random.Shared.Next();
        var cuts = 0;
        foreach (var number in ProofShare.Current.Numbers())
        {
            cuts = number;
            using var copy = _vault.Copy();
            var files = new FaultyFiles(copy.Path, seed + cuts);
            files.FailAt(cuts, fault);
            var context = $"{fault} at operation {cuts}, seed {seed}";
            var isCut = IsCut(copy.Path, files);
            AssertSame(expected, ShortLog.Look(copy.Path), context);
            if (!isCut && files.Operations < cuts) break;
            files.Restart();
            files.FreeSpace();
            AssertSame(expected, ShortLog.Look(copy.Path), $"restarted: {context}");
            using (var log = ShortLog.Open(copy.Path)) log.Shorten();
            AssertSame(expected, ShortLog.Look(copy.Path), $"at the end: {context}");
            ShortLog.Open(copy.Path).Dispose();
            AssertOnlyNamedFiles(copy.Path, context);
        }

        output.WriteLine($"{fault}: cuts up to {cuts - 1}, share {ProofShare.Current}, seed {seed}");
        Assert.InRange(cuts, 8, 200);
    }

    [Fact]
    public void A_log_that_somebody_has_open_is_shortened_later_where_that_matters()
    {
        using var log = ShortLog.Open(_vault.Path);
        ShortLog.Fill(log, 0, 3);
        var before = ShortLog.Look(_vault.Path);
        using (TestDisk.Files.Open(LogPath, FileUse.Read)) Assert.Equal(!TestDisk.HasWindowsRules, log.Shorten());
        Assert.Equal(before, ShortLog.Look(_vault.Path));
        Assert.Equal(TestDisk.HasWindowsRules, log.Shorten());
        Assert.Equal(before, ShortLog.Look(_vault.Path));
        ShortLog.Append(log, 3, 0);
        Assert.Equal(ShortLog.SealsADay + 2, SealLog.Read(TestDisk.Files, _vault.Path).Committed.Count);
        if (TestDisk.HasWindowsRules) ((WindowsFiles)TestDisk.Files).TakeRefusals(_vault.Path);
    }

    [Fact]
    public void A_short_log_that_lost_its_end_is_damaged()
    {
        using (var log = ShortLog.Open(_vault.Path))
        {
            ShortLog.Fill(log, 0, 3);
            log.Shorten();
        }

        var whole = File.ReadAllBytes(LogPath);
        File.WriteAllBytes(LogPath, whole[..^20]);
        Assert.Contains("of 5 kept seals", Assert.Throws<DamagedException>(() => SealLog.Read(TestDisk.Files, _vault.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_archive_is_named_and_does_not_keep_anybody_from_the_rows()
    {
        using (var log = ShortLog.Open(_vault.Path))
        {
            ShortLog.Fill(log, 0, 3);
            log.Shorten();
        }

        var archive = EntryPath.Absolute(_vault.Path, SealLog.Read(TestDisk.Files, _vault.Path).Front!.Archives[0].Path);
        var whole = File.ReadAllBytes(archive);
        foreach (var broken in new[] { whole[..(whole.Length / 2)], [], [.. whole[..100], (byte)(whole[100] ^ 0x55), .. whole[101..]], Pack("no log\n") })
        {
            File.WriteAllBytes(archive, broken);
            var log = SealLog.Read(TestDisk.Files, _vault.Path);
            Assert.NotEmpty(log.Files);
            Assert.Contains(Path.GetFileName(archive), Assert.Throws<DamagedException>(() => log.All.Count()).Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Pack(string text)
    {
        var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest)) brotli.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    private static bool IsCut(string vault, IFiles files)
    {
        try
        {
            using var log = ShortLog.Open(vault, files);
            log.Shorten();
            return false;
        }
        catch (Exception fault) when (fault is CrashException or TapeException or IOException)
        {
            return true;
        }
    }

    private static void AssertSame(string expected, string found, string context) =>
        Assert.True(expected == found, $"{context}\nexpected\n{expected}\nfound\n{found}");

    private static void AssertOnlyNamedFiles(string vault, string context)
    {
        var named = SealLog.Read(TestDisk.Files, vault).Front?.Archives.Select(archive => Path.GetFileName(archive.Path)).Order(StringComparer.Ordinal);
        Assert.True(TestDisk.Files.ListFiles(Path.Combine(vault, "raw", "seals")).SequenceEqual(named!), context);
        Assert.False(File.Exists(PartPath.SealLog(vault) + ".new"), context);
    }
}
