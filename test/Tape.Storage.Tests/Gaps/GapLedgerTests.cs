using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Storage.Gaps;
using Tape.TestKit.Files;
using Tape.TestKit.Vaults;

namespace Tape.Storage.Tests.Gaps;

/// <summary>What the ledger on disk promises: each hole once, whatever was cut off, and lines that later programs can read.</summary>
public sealed class GapLedgerTests : IDisposable
{
    private const string Tape = "00000000000000ab";
    private const long None = Absent.Integer;

    /// <summary>Golden: a line as version 1 writes it. A hole with counted ids, one without ids, one that was filled late.</summary>
    private const string GoldenLine =
        """{"entry":"gaps","tape":"00000000000000ab","next_seq":90,"streams":[[0,"binance","aggTrade","BTCUSDT",1000],[1,"okx","books","BTC-USDT-SWAP"]],"gaps":[[0,5,2000,30,4,4,50,2,20,700,2,1],[1,3,3000,500,4,9,60,10,0],[0,5,2000,30,4,4,50,2,30,700,2,3]]}""";

    private static readonly GapStream[] Streams = [new(0, new("binance", "aggTrade", "BTCUSDT"), 1000), new(1, new("okx", "books", "BTC-USDT-SWAP"), None)];
    private static readonly GapEntry Skipped = new(0, GapCause.VenueSkipped, 2000, 2030, 700, 702, 3, false, 4, 4, 50, 52, 72);
    private static readonly GapEntry Lost = new(1, GapCause.ConnectionLost, 3000, 3500, None, None, None, false, 4, 9, 60, 70, 70);

    private readonly TemporaryFolder _root = new();

    private string Vault => _root["vault"];

    private string LogPath => GapLedgerContent.PathOf(Vault);

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_line_is_written_as_described_and_read_again()
    {
        Append(new(90, Streams, [Skipped, Lost, Skipped with { Repaired = true, AtSeq = 82 }], "{}"));
        Assert.Equal("5f7384d1 " + GoldenLine.Replace("\"gaps\",", "\"gaps\",\"v\":2,\"chain\":\"75fc51962453a4cd0f0e1248de3b1093\",",
            StringComparison.Ordinal),
            File.ReadAllText(LogPath).TrimEnd());
        Assert.Equal(GoldenLine, Assert.Single(ForgedLog.Read(LogPath)));
        var content = Read();
        Assert.Equal(Streams, content.Streams);
        Assert.Equal((Tape, 90L), (content.Tape, content.WrittenTo));
        Assert.Equal([Skipped with { Repaired = true, AtSeq = 82 }, Lost], content.Gaps);
    }

    [Fact]
    public void A_refused_stream_keeps_the_venues_words_whether_it_ever_began_or_not()
    {
        GapStream[] streams = [Streams[0] with { Refusal = "code 0 error:handler not found" }, Streams[1] with { Refusal = "code 60018 \"gone\"" }];
        var refused = new GapEntry(1, GapCause.Refused, 3000, 3500, None, None, None, false, 4, 9, 60, 70, 70);
        Append(new(90, streams, [refused], "{}"));
        var content = Read();
        Assert.Equal(streams, content.Streams);
        Assert.Equal([refused], content.Gaps);
    }

    [Fact]
    public void Fields_that_are_not_known_are_passed_over()
    {
        Append(new(90, Streams, [Lost], "{}"));
        Append(new(95, [], [Skipped with { AtSeq = 92 }], "{}"));
        var lines = ForgedLog.Read(LogPath);
        var newer = lines[1].Replace("\"next_seq\":95", "\"next_seq\":95,\"later\":{\"a\":[1]}", StringComparison.Ordinal)
            .Replace(",700,2,1]", ",700,2,1,77,\"x\"]", StringComparison.Ordinal);
        ForgedLog.Put(LogPath, lines[0], newer);
        Assert.Equal([Lost, Skipped with { AtSeq = 92 }], Read().Gaps);
    }

    [Fact]
    public void A_range_that_is_derived_again_after_a_cut_stands_there_once()
    {
        Append(new(60, Streams, [], "{\"next\":60}"));
        var state = File.ReadAllBytes(GapStateFile.PathOf(Vault));
        Append(new(90, [], [Skipped, Lost], "{\"next\":90}"));
        // Cut after the line and before the state: the state is still that of the range before.
        File.WriteAllBytes(GapStateFile.PathOf(Vault), state);
        using (var ledger = GapLedger.Open(TestDisk.Files, Vault, Tape))
        {
            Assert.Equal((60L, "{\"next\":60}"), (ledger.State!.NextSeq, ledger.State.State));
            ledger.Append(new(100, Streams, [Skipped, Lost, Lost with { AtSeq = 95 }], "{\"next\":100}"));
        }

        Assert.Equal([Skipped, Lost, Lost with { AtSeq = 95 }], Read().Gaps);
        Assert.Equal(100, GapStateFile.Read(TestDisk.Files, Vault)!.NextSeq);
    }

    [Fact]
    public void A_torn_last_line_is_cut_and_written_again()
    {
        Append(new(60, Streams, [], "{\"next\":60}"));
        var (whole, state) = (new FileInfo(LogPath).Length, File.ReadAllBytes(GapStateFile.PathOf(Vault)));
        Append(new(90, [], [Skipped, Lost], "{\"next\":90}"));
        File.WriteAllBytes(GapStateFile.PathOf(Vault), state);
        var bytes = File.ReadAllBytes(LogPath);
        for (var length = whole; length < bytes.Length; length += 7)
        {
            File.WriteAllBytes(LogPath, bytes[..(int)length]);
            Append(new(90, [], [Skipped, Lost], "{\"next\":90}"));
            Assert.Equal([Skipped, Lost], Read().Gaps);
            File.WriteAllBytes(GapStateFile.PathOf(Vault), state);
        }
    }

    [Fact]
    public void Damage_before_the_last_line_is_named_with_what_to_do()
    {
        Append(new(60, Streams, [Lost], "{}"));
        Append(new(90, [], [Skipped with { AtSeq = 80 }], "{}"));
        var bytes = File.ReadAllBytes(LogPath);
        bytes[30] ^= 1;
        File.WriteAllBytes(LogPath, bytes);
        Assert.Contains("--rebuild", Assert.Throws<DamagedException>(Read).Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ledger_of_another_tape_is_not_gone_on_with()
    {
        Append(new(60, Streams, [Lost], "{}"));
        Assert.Contains("ledger of tape 00000000000000ab",
            Assert.Throws<DamagedException>(() => GapLedger.Open(TestDisk.Files, Vault, "00000000000000cd")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_that_is_not_whole_counts_as_none()
    {
        Append(new(60, Streams, [Lost], "{\"next\":60}"));
        var bytes = File.ReadAllBytes(GapStateFile.PathOf(Vault));
        File.WriteAllBytes(GapStateFile.PathOf(Vault), bytes[..^3]);
        Assert.Null(GapStateFile.Read(TestDisk.Files, Vault));
        bytes[20] ^= 1;
        File.WriteAllBytes(GapStateFile.PathOf(Vault), bytes);
        Assert.Null(GapStateFile.Read(TestDisk.Files, Vault));
    }

    [Fact]
    public void Replacing_leaves_the_new_ledger_alone()
    {
        Append(new(60, Streams, [Lost], "{}"));
        GapLedger.Replace(TestDisk.Files, Vault, Tape, new(70, Streams, [Skipped with { AtSeq = 65 }], "{\"next\":70}"));
        Assert.Equal([Skipped with { AtSeq = 65 }], Read().Gaps);
        Assert.Equal(70, GapStateFile.Read(TestDisk.Files, Vault)!.NextSeq);
        Assert.Equal(["gaps.log", "gaps.state"], Directory.GetFiles(Path.GetDirectoryName(LogPath)!).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private void Append(GapBatch batch)
    {
        using var ledger = GapLedger.Open(TestDisk.Files, Vault, Tape);
        ledger.Append(batch);
    }

    private GapLedgerContent Read() => GapLedgerContent.Read(TestDisk.Files, Vault);
}
