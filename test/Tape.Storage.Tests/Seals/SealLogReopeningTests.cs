using System.IO.Compression;
using System.Text;
using Tape.Core.Errors;
using Tape.Storage.Journal;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.TestKit.Files;
using Tape.TestKit.Vaults;

namespace Tape.Storage.Tests.Seals;

/// <summary>Ranges in archives that are derived again, and the form of front and archives.</summary>
public sealed class SealLogReopeningTests : IDisposable
{
    /// <summary>Golden: a shortened log as version 1 writes it, with a seal in an archive and one beside it.</summary>
    private const string GoldenCheckpoint =
        """{"entry":"front","id":3,"tape":"0000000000abcdef","to_seq_excl":10,"kept":1,"archives":[{"path":"raw/seals/3-0-9.log.br","from_seq":0,"to_seq_excl":10,"seals":1,"bytes":$bytes,"received_min":0,"received_max":900}]"""
        + ""","files":[{"table":"trades","venue":"binance","day":"2026-11-01","path":"raw/v1/trades/venue=binance/date=2026-11-01/part-day-f3.parquet","rows":10,"bytes":1200,"hash":"00000000000000030000000000000000","received_min":0,"received_max":1900},"""
        + """{"table":"bbo","venue":"binance","day":"2026-11-01","path":"raw/v1/bbo/venue=binance/date=2026-11-01/part-0.parquet","rows":5,"bytes":600,"hash":"00000000000000010000000000000000","received_min":0,"received_max":900}]"""
        + ""","streams":[{"exchange":"binance","channel":"aggTrade","symbol":"BTCUSDT","frames":10,"rows":5,"first_received":0,"last_received":900,"dropped":0}],"state":{"after":0},"seals":1}""";

    private const string GoldenRetained =
        """{"entry":"kept","id":2,"tape":"0000000000abcdef","from_seq":10,"to_seq_excl":20,"decoder":"1","files":[{"table":"trades","venue":"binance","day":"2026-11-01","path":"raw/v1/trades/venue=binance/date=2026-11-01/part-1.parquet","rows":5,"bytes":600,"hash":"00000000000000020000000000000000","received_min":1000,"received_max":1900,"folded":true}]"""
        + ""","streams":[{"exchange":"binance","channel":"aggTrade","symbol":"ETHUSDT","frames":10,"rows":5,"first_received":1000,"last_received":1900,"dropped":1}],"state":{"after":1}}""";

    private const string GoldenArchive =
        """{"entry":"front","id":3,"tape":"0000000000abcdef","to_seq_excl":0,"kept":1,"archives":[],"files":[],"streams":[],"seals":0}"""
        + "\n"
        + """{"entry":"kept","id":1,"tape":"0000000000abcdef","from_seq":0,"to_seq_excl":10,"decoder":"1","files":[{"table":"trades","venue":"binance","day":"2026-11-01","path":"raw/v1/trades/venue=binance/date=2026-11-01/part-0.parquet","rows":5,"bytes":600,"hash":"00000000000000010000000000000000","received_min":0,"received_max":900},"""
        + """{"table":"bbo","venue":"binance","day":"2026-11-01","path":"raw/v1/bbo/venue=binance/date=2026-11-01/part-0.parquet","rows":5,"bytes":600,"hash":"00000000000000010000000000000000","received_min":0,"received_max":900}]"""
        + ""","streams":[{"exchange":"binance","channel":"aggTrade","symbol":"BTCUSDT","frames":10,"rows":5,"first_received":0,"last_received":900,"dropped":0}],"state":{"after":0}}""";

    private readonly TemporaryFolder _vault = new();

    public void Dispose() => _vault.Dispose();

    [Fact]
    public void Front_and_archive_are_written_as_described()
    {
        using (var log = ShortLog.Open(_vault.Path))
        {
            ShortLog.Append(log, 0, 0);
            ShortLog.Append(log, 0, 1);
            MergeTrades(log);
            Assert.True(log.Shorten());
        }

        var archive = _vault["raw", "seals", "3-0-9.log.br"];
        var lines = ForgedLog.Read(PartPath.SealLog(_vault.Path));
        // Two seals, a fold, their commits and what it put out of use are the seven lines in whose place this log is.
        Assert.Equal([GoldenCheckpoint.Replace("$bytes", $"{new FileInfo(archive).Length}", StringComparison.Ordinal)
            .Replace("\"seals\":1}", "\"seals\":1,\"lines_before\":7}", StringComparison.Ordinal), GoldenRetained], lines);
        using var unpacked = new StreamReader(new BrotliStream(File.OpenRead(archive), CompressionMode.Decompress));
        Assert.Equal(GoldenArchive.Split('\n'), Lines(unpacked.ReadToEnd()));
    }

    [Fact]
    public void A_short_log_of_version_1_is_read()
    {
        using (var log = ShortLog.Open(_vault.Path))
        {
            ShortLog.Append(log, 0, 0);
            ShortLog.Append(log, 0, 1);
            MergeTrades(log);
        }

        var expected = ShortLog.Look(_vault.Path);
        Directory.CreateDirectory(_vault["raw", "seals"]);
        using (var brotli = new BrotliStream(File.Create(_vault["raw", "seals", "3-0-9.log.br"]), CompressionLevel.Fastest))
            brotli.Write(Checked(GoldenArchive));
        File.WriteAllBytes(PartPath.SealLog(_vault.Path), Checked($"{GoldenCheckpoint.Replace("$bytes", "1", StringComparison.Ordinal)}\n{GoldenRetained}"));
        Assert.Equal(expected, ShortLog.Look(_vault.Path));
    }

    [Fact]
    public void A_front_and_a_kept_seal_that_are_read_are_written_as_they_were()
    {
        foreach (var json in new[] { GoldenCheckpoint.Replace("$bytes", "77", StringComparison.Ordinal), GoldenRetained })
            Assert.Equal(json, Encoding.UTF8.GetString(SealLogContent.Format.Write(SealLogContent.Format.Read(Encoding.UTF8.GetBytes(json)))));
    }

    [Fact]
    public void A_range_in_an_archive_can_be_replaced_and_goes_back_there_when_its_day_is_folded_again()
    {
        using (var log = ShortLog.Open(_vault.Path))
        {
            for (var day = 0; day < 5; day++)
            {
                ShortLog.Fill(log, day, 1);
                if (day > 0) PaperMerge.Fold(log, ShortLog.Day(day - 1));
                log.Shorten();
            }
        }

        var (rows, streams) = (Rows(), Streams());
        Replace(fromSeq: 60);
        Assert.Equal((rows, streams), (Rows(), Streams()));
        var read = SealLog.Read(TestDisk.Files, _vault.Path);
        Assert.Equal([1], read.All.Where(seal => seal.Generation > 0).Select(seal => seal.Generation));
        Assert.Single(read.Front!.Archives);
        Assert.Contains(read.Files, file => file.Except.Count > 0);

        // Opening again must leave the archives that the log still begins with.
        using (var log = ShortLog.Open(_vault.Path))
        {
            Assert.False(log.Shorten());
            PaperMerge.Fold(log, ShortLog.Day(1));
            Assert.True(log.Shorten());
        }

        Assert.Equal((rows, streams), (Rows(), Streams()));
        read = SealLog.Read(TestDisk.Files, _vault.Path);
        Assert.Equal(ShortLog.SealsADay + 1, read.Committed.Count);
        Assert.Equal(1, read.All.Single(seal => seal.FromSeq == 60).Generation);
        ShortLog.Open(_vault.Path).Dispose();
        Assert.Equal(read.Front!.Archives.Count, TestDisk.Files.ListFiles(_vault["raw", "seals"]).Count);
        Assert.Equal((rows, streams), (Rows(), Streams()));
    }

    [Fact]
    public void A_part_that_is_all_of_its_day_is_not_counted_twice_when_its_seal_comes_back()
    {
        using (var log = ShortLog.Open(_vault.Path))
        {
            ShortLog.Fill(log, 0, 3);
            log.Shorten();
            log.Reopen(0);
            Assert.Equal(0, log.FromSeq);
        }

        Assert.Equal(3 * (ShortLog.SealsADay * 5 + 10), Rows());
        Assert.Empty(SealLog.Read(TestDisk.Files, _vault.Path).Front!.Archives);
    }

    [Fact]
    public void Entries_that_do_not_fit_are_damage()
    {
        var front = GoldenCheckpoint.Replace("$bytes", "1", StringComparison.Ordinal);
        Directory.CreateDirectory(_vault["raw"]);
        string[] wrong =
        [
            GoldenRetained,
            $"{front}\n{GoldenRetained}\n{GoldenRetained}",
            $"{front}\n{front}",
            $"{front}\n{GoldenRetained.Replace("\"from_seq\":10", "\"from_seq\":11", StringComparison.Ordinal)}",
            $"{front}\n{GoldenRetained.Replace("\"table\":\"trades\"", "\"table\":\"book\"", StringComparison.Ordinal)}",
            $$"""{{front}}{{"\n"}}{"entry":"commit","id":4}""",
            $$"""{{front}}{{"\n"}}{{GoldenRetained}}{{"\n"}}{"entry":"reopen","id":4,"from_seq":5}""",
            $$"""{{front}}{{"\n"}}{{GoldenRetained}}{{"\n"}}{"entry":"reopen","id":5,"from_seq":0}""",
        ];
        foreach (var lines in wrong)
        {
            File.WriteAllBytes(PartPath.SealLog(_vault.Path), Checked(lines));
            Assert.Throws<DamagedException>(() => SealLog.Read(TestDisk.Files, _vault.Path));
        }
    }

    private static void MergeTrades(SealLog log)
    {
        var parts = log.FilesOf(log.Committed[0].Files[0]);
        var fold = parts[0] with
        {
            Path = "raw/v1/trades/venue=binance/date=2026-11-01/part-day-f3.parquet",
            Rows = 10,
            Bytes = 1200,
            Hash = new RowHash(3, 0).ToString(),
            ReceivedMax = 1900,
        };
        log.AppendMerge(new MergeEntry(3, log.Committed[0].Tape, 0, 20, "1", [fold], [], null));
        log.AppendCommit(3);
        log.AppendArchived(3);
    }

    private void Replace(long fromSeq)
    {
        using var log = ShortLog.Open(_vault.Path);
        var old = SealLog.Read(TestDisk.Files, _vault.Path).Of(fromSeq, fromSeq + 1).Single(seal => seal.FromSeq == fromSeq);
        log.Reopen(fromSeq);
        var files = old.Files.Select(file => file with { Path = file.Path.Replace(".parquet", "-g1.parquet", StringComparison.Ordinal), Fold = null }).ToList();
        var number = log.NextId;
        log.AppendSupersede(new SupersedeEntry(number, old.Tape, old.FromSeq, old.ToSeqExcl, "2", files, old.Streams, old.State)
        {
            Replaces = old.Id,
            Generation = 1,
            Undecodable = old.Undecodable
        });
        log.AppendCommit(number);
        log.AppendArchived(number);
    }

    private long Rows() => SealLog.Read(TestDisk.Files, _vault.Path).Files.Sum(file => file.Rows);

    private string Streams() => string.Join('\n', StreamStatistics.Sum(SealLog.Read(TestDisk.Files, _vault.Path).Streams));

    private static IEnumerable<string> Lines(string log) => log.TrimEnd('\n').Split('\n').Select(line => line[CheckedLine.PrefixBytes..]);

    private static byte[] Checked(string lines) => [.. lines.Split('\n').SelectMany(line => CheckedLine.Write(Encoding.UTF8.GetBytes(line)))];
}
