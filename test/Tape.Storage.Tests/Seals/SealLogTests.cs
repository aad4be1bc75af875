using System.Text.Json;
using Tape.Core.Errors;
using Tape.Core.Files;
using Tape.Core.Values;
using Tape.Storage.Journal;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.TestKit.Files;
using Tape.TestKit.Proofs;
using Tape.TestKit.Vaults;

namespace Tape.Storage.Tests.Seals;

public sealed class SealLogTests : IDisposable
{
    private static readonly OwnerInfo Owner = new("test", 1, new UnixNanos(0));

    /// <summary>A line as version 2 writes it; \u escapes are how System.Text.Json writes what is not ASCII.</summary>
    private const string GoldenLine = "d6547f61 {\"entry\":\"seal\",\"v\":2,\"chain\":\"db2566e1d0aec453a8dea03e2e587692\"" + GoldenRest;

    /// <summary>The same as version 1 wrote it: vaults made before have such lines.</summary>
    private const string GoldenLine1 = "431f626b {\"entry\":\"seal\"" + GoldenRest;

    private const string GoldenRest =
        ",\"id\":1,\"tape\":\"0000000000abcdef\",\"from_seq\":0,\"to_seq_excl\":10,\"decoder\":\"binance "
            + "1\",\"files\":[{\"table\":\"trades\","
        + "\"venue\":\"binance\",\"day\":\"2025-11-21\",\"path\":\"raw/v1/trades/x.parquet\",\"rows\":5,\"bytes\":600,"
        + "\"hash\":\"00000000000000010000000000000002\","
        + "\"received_min\":100,\"received_max\":200}],\"streams\":[{\"exchange\":\"binance\",\"channel\":\"aggTrade\","
        + "\"symbol\":\"\\u5E01\\u5B89\",\"frames\":7,\"rows\":5,"
        + "\"first_received\":100,\"last_received\":200,\"dropped\":1}],\"state\":{\"conn\":{\"3\":\"BTCUSDT\"}}}\n";

    private readonly TemporaryFolder _vault = new();

    private string LogPath => PartPath.SealLog(_vault.Path);

    public void Dispose() => _vault.Dispose();

    [Fact]
    public void A_vault_without_a_log_has_no_seals()
    {
        var content = SealLog.Read(TestDisk.Files, _vault.Path);
        Assert.Empty(content.Committed);
        Assert.Null(content.Pending);
    }

    [Fact]
    public void A_seal_is_visible_after_its_commit_and_not_before()
    {
        using var log = Open();
        log.AppendSeal(Seal(1, 0, 10));
        Assert.Empty(SealLog.Read(TestDisk.Files, _vault.Path).Committed);
        log.AppendCommit(1);
        Assert.Equal([1], SealLog.Read(TestDisk.Files, _vault.Path).Committed.Select(seal => seal.Id));
    }

    [Fact]
    public void A_seal_comes_back_as_it_was_written()
    {
        var seal = Seal(1, 0, 10);
        using (var log = Open()) log.AppendSeal(seal);
        using var again = Open();
        Assert.Equal(JsonSerializer.Serialize<SealEntry>(seal), JsonSerializer.Serialize(again.Pending));
        Assert.Equal("""{"conn":{"3":"BTCUSDT"}}""", again.Pending!.State!.Value.GetRawText());
        Assert.Equal(2, again.NextId);
    }

    /// <summary>Golden: a line of the log as version 1 writes it.</summary>
    [Fact]
    public void A_line_is_written_as_described()
    {
        using (var log = Open()) log.AppendSeal(Seal(1, 0, 10));
        Assert.Equal(GoldenLine, File.ReadAllText(LogPath));
    }

    /// <summary>Golden: a log of version 1 is read, gets lines of version 2 behind it, and these bind the old ones.</summary>
    [Fact]
    public void A_log_of_version_1_goes_on_in_version_2_which_binds_its_lines()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(LogPath)!);
        File.WriteAllText(LogPath, GoldenLine1);
        using (var log = Open())
        {
            Assert.Equal("""{"conn":{"3":"BTCUSDT"}}""", log.Pending!.State!.Value.GetRawText());
            log.AppendCommit(1);
            log.AppendSeal(Seal(2, 10, 20));
        }

        var lines = File.ReadAllLines(LogPath);
        Assert.Equal(GoldenLine1.TrimEnd(), lines[0]);
        Assert.Contains("\"commit\",\"v\":2,\"chain\":\"", lines[1], StringComparison.Ordinal);
        Assert.Equal(2, SealLog.Read(TestDisk.Files, _vault.Path).Pending!.Id);
        // An old line that is exchanged for another whole one of the same kind shows in the new ones.
        var forged = ForgedLog.Read(LogPath)[0].Replace("\"rows\":5,\"bytes\"", "\"rows\":6,\"bytes\"", StringComparison.Ordinal);
        File.WriteAllText(LogPath, $"{ForgedLog.Line(forged)}{lines[1]}\n{lines[2]}\n");
        Assert.Contains("does not follow the one before", Assert.Throws<DamagedException>(() => SealLog.Read(TestDisk.Files, _vault.Path)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>Whole lines with right checksums: taken out, put in, exchanged, or without a chain behind chained ones.</summary>
    [Fact]
    public void Lines_that_do_not_follow_one_another_are_damage()
    {
        using (var log = Open())
            for (var id = 1; id <= 4; id++)
            {
                log.AppendSeal(Seal(id, (id - 1) * 10, id * 10));
                log.AppendCommit(id);
            }

        var lines = File.ReadAllLines(LogPath);
        var plain = ForgedLog.Read(LogPath);
        foreach (var forged in new IEnumerable<string>[]
        {
            [.. lines[..2], .. lines[4..]], [.. lines[2..]], [.. lines[..6], lines[6], lines[6], lines[7]], [.. lines[..2], lines[3], lines[2], .. lines[4..]],
            [.. lines[..7], ForgedLog.Line(plain[7]).TrimEnd()],
        })
        {
            File.WriteAllText(LogPath, string.Concat(forged.Select(line => line + "\n")));
            Assert.Throws<DamagedException>(() => SealLog.Read(TestDisk.Files, _vault.Path));
        }
    }

    [Fact]
    public void A_log_torn_at_any_byte_opens_with_what_was_whole_and_goes_on()
    {
        using (var log = Open())
        {
            for (var id = 1; id <= 2; id++)
            {
                log.AppendSeal(Seal(id, (id - 1) * 10, id * 10));
                log.AppendCommit(id);
            }
        }
        var whole = File.ReadAllBytes(LogPath);
        var ends = Enumerable.Range(0, whole.Length).Where(i => whole[i] == '\n').Select(i => i + 1).ToList();
        foreach (var length in ProofShare.Current.Of(Enumerable.Range(0, whole.Length + 1)))
        {
            File.WriteAllBytes(LogPath, whole[..length]);
            var lines = ends.Count(end => end <= length);
            var seen = SealLog.Read(TestDisk.Files, _vault.Path);
            using var log = Open();
            Assert.Equal(lines / 2, seen.Committed.Count);
            Assert.Equal(seen.Committed.Select(seal => seal.Id), log.Committed.Select(seal => seal.Id));
            Assert.Equal(lines % 2 == 1, log.Pending is not null);
            Assert.Equal(length - (lines == 0 ? 0 : ends[lines - 1]), log.CutBytes);
            Assert.Equal(length - log.CutBytes, new FileInfo(LogPath).Length);
            if (log.Pending is null) log.AppendSeal(Seal(log.NextId, log.Committed.Count * 10, log.Committed.Count * 10 + 10));
            log.AppendCommit(log.Pending!.Id);
            Assert.Equal(lines / 2 + 1, SealLog.Read(TestDisk.Files, _vault.Path).Committed.Count);
        }
    }

    [Fact]
    public void A_changed_byte_in_the_last_line_is_cut_and_before_it_is_damage()
    {
        using (var log = Open())
        {
            log.AppendSeal(Seal(1, 0, 10));
            log.AppendCommit(1);
        }
        var whole = File.ReadAllBytes(LogPath);
        var lastLine = Array.IndexOf(whole, (byte)'\n') + 1;
        for (var at = 0; at < whole.Length; at++)
        {
            var changed = (byte[])whole.Clone();
            changed[at] ^= 1;
            if (changed[at] == '\n') continue;
            File.WriteAllBytes(LogPath, changed);
            if (at < lastLine) Assert.Throws<DamagedException>(() => SealLog.Read(TestDisk.Files, _vault.Path));
            else Assert.Empty(SealLog.Read(TestDisk.Files, _vault.Path).Committed);
        }
    }

    [Fact]
    public void A_tail_of_zeros_is_cut()
    {
        using (var log = Open()) log.AppendSeal(Seal(1, 0, 10));
        using (var file = File.OpenWrite(LogPath)) file.SetLength(file.Length + 4096);
        using var again = Open();
        Assert.Equal(4096, again.CutBytes);
        Assert.Equal(1, again.Pending!.Id);
    }

    [Fact]
    public void Seals_out_of_order_are_refused()
    {
        using var log = Open();
        Assert.Throws<InvalidOperationException>(() => log.AppendSeal(Seal(2, 0, 10)));
        Assert.Throws<InvalidOperationException>(() => log.AppendSeal(Seal(1, 5, 5)));
        Assert.Throws<InvalidOperationException>(() => log.AppendCommit(1));
        log.AppendSeal(Seal(1, 0, 10));
        Assert.Throws<InvalidOperationException>(() => log.AppendSeal(Seal(2, 10, 20)));
        log.AppendCommit(1);
        Assert.Throws<InvalidOperationException>(() => log.AppendSeal(Seal(2, 11, 20)));
        log.AppendSeal(Seal(2, 0, 20) with { Tape = "00000000000000ff" });
    }

    [Fact]
    public void A_replacement_takes_the_place_of_its_range_with_its_commit()
    {
        using var log = Open();
        Fill(log, 3);
        log.AppendSupersede(Next(4, of: log.Committed[1]));
        Assert.Equal([1, 2, 3], SealLog.Read(TestDisk.Files, _vault.Path).Committed.Select(seal => seal.Id));
        log.AppendCommit(4);
        var read = SealLog.Read(TestDisk.Files, _vault.Path);
        Assert.Equal([1, 4, 3], read.Committed.Select(seal => seal.Id));
        Assert.Equal([(2L, 4L)], read.Superseded.Select(old => (old.Seal.Id, old.By)));
        log.AppendArchived(4);
        Assert.Empty(log.Superseded);
        log.AppendSeal(Seal(5, 30, 40));
        log.AppendCommit(5);
        log.AppendSupersede(Next(6, of: log.Committed[1]));
        log.AppendCommit(6);
        read = SealLog.Read(TestDisk.Files, _vault.Path);
        Assert.Equal([1, 6, 3, 5], read.Committed.Select(seal => seal.Id));
        Assert.Equal(2, read.Committed[1].Generation);
        Assert.Equal(log.Committed.Select(seal => seal.Id), read.Committed.Select(seal => seal.Id));
        Assert.Equal(7, log.NextId);
    }

    [Fact]
    public void A_forgotten_replacement_leaves_the_range_as_it_was_and_its_number_used_up()
    {
        using (var log = Open())
        {
            Fill(log, 2);
            log.AppendSupersede(Next(3, of: log.Committed[0]));
        }

        using var again = Open();
        Assert.IsType<SupersedeEntry>(again.Pending);
        again.AppendAbort(3);
        Assert.Null(again.Pending);
        Assert.Equal([1, 2], SealLog.Read(TestDisk.Files, _vault.Path).Committed.Select(seal => seal.Id));
        Assert.Equal(4, again.NextId);
    }

    [Fact]
    public void Replacements_of_what_is_not_there_are_refused()
    {
        using var log = Open();
        Fill(log, 2);
        var old = log.Committed[0];
        Assert.Throws<InvalidOperationException>(() => log.AppendSupersede(Next(3, of: old) with { Replaces = 9 }));
        Assert.Throws<InvalidOperationException>(() => log.AppendSupersede(Next(3, of: old) with { ToSeqExcl = 20 }));
        Assert.Throws<InvalidOperationException>(() => log.AppendSupersede(Next(3, of: old) with { Tape = "00000000000000ff" }));
        Assert.Throws<InvalidOperationException>(() => log.AppendSupersede(Next(4, of: old)));
        Assert.Throws<InvalidOperationException>(() => log.AppendArchived(1));
        Assert.Throws<InvalidOperationException>(() => log.AppendAbort(2));
        log.AppendSupersede(Next(3, of: old));
        Assert.Throws<InvalidOperationException>(() => log.AppendSupersede(Next(4, of: old)));
    }

    [Fact]
    public void A_second_writer_is_told_who_the_first_one_is()
    {
        using var log = Open();
        var fault = Assert.Throws<OwnedElsewhereException>(Open);
        Assert.Contains("process 1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_failed_write_the_writer_is_broken_until_it_is_opened_again()
    {
        var files = new FullDisk();
        using (var log = SealLog.Open(files, _vault.Path, Owner))
        {
            files.IsFull = true;
            var fault = Assert.Throws<WriterBrokenException>(() => log.AppendSeal(Seal(1, 0, 10)));
            Assert.IsType<DiskFullException>(fault.InnerException);
            files.IsFull = false;
            Assert.Throws<WriterBrokenException>(() => log.AppendSeal(Seal(1, 0, 10)));
            Assert.Null(log.Pending);
        }
        using var again = SealLog.Open(files, _vault.Path, Owner);
        Assert.True(again.CutBytes > 0);
        again.AppendSeal(Seal(1, 0, 10));
    }

    private SealLog Open() => SealLog.Open(TestDisk.Files, _vault.Path, Owner);

    private static void Fill(SealLog log, int seals)
    {
        for (var id = 1; id <= seals; id++)
        {
            log.AppendSeal(Seal(id, (id - 1) * 10, id * 10));
            log.AppendCommit(id);
        }
    }

    private static SupersedeEntry Next(long id, SealEntry of) =>
        new(id, of.Tape, of.FromSeq, of.ToSeqExcl, "binance 2", of.Files, of.Streams, of.State) { Replaces = of.Id, Generation = of.Generation + 1 };

    private static FirstSealEntry Seal(long id, long from, long toExcl) => new(id, "0000000000abcdef", from, toExcl, "binance 1",
        [new SealedFile("trades", "binance", new DateOnly(2025, 11, 21), "raw/v1/trades/x.parquet", 5, 600, new RowHash(1, 2).ToString(), 100, 200)],
        [new StreamStatistics("binance", "aggTrade", "币安", 7, 5, 100, 200, 1)],
        JsonDocument.Parse("""{"conn":{"3":"BTCUSDT"}}""").RootElement);

    /// <summary>The real disk, which can be full: half of the bytes are written then.</summary>
    private sealed class FullDisk : IFiles
    {
        private readonly IFiles _disk = TestDisk.Files;

        public bool IsFull { get; set; }

        public IFileHandle Open(string path, FileUse use) => new Handle(this, _disk.Open(path, use));

        public bool FileExists(string path) => _disk.FileExists(path);

        public bool IsLink(string path) => _disk.IsLink(path);

        public long FileLength(string path) => _disk.FileLength(path);

        public IReadOnlyList<string> ListFiles(string folder) => _disk.ListFiles(folder);

        public IReadOnlyList<string> ListFolders(string folder) => _disk.ListFolders(folder);

        public void CreateFolder(string path, bool isPrivate = false) => _disk.CreateFolder(path, isPrivate);

        public void Move(string from, string to, bool overwrite) => _disk.Move(from, to, overwrite);

        public void Delete(string path) => _disk.Delete(path);

        public void SyncFolder(string path) => _disk.SyncFolder(path);

        public long FreeBytes(string path) => _disk.FreeBytes(path);

        public IDisposable? TryLock(string path) => _disk.TryLock(path);

        private sealed class Handle(FullDisk disk, IFileHandle file) : IFileHandle
        {
            public long Length => file.Length;

            public int Read(long offset, Span<byte> buffer) => file.Read(offset, buffer);

            public void Write(long offset, ReadOnlySpan<byte> bytes)
            {
                file.Write(offset, disk.IsFull ? bytes[..(bytes.Length / 2)] : bytes);
                if (disk.IsFull) throw new DiskFullException("full");
            }

            public void Sync() => file.Sync();

            public void SetLength(long length) => file.SetLength(length);

            public void Dispose() => file.Dispose();
        }
    }
}
