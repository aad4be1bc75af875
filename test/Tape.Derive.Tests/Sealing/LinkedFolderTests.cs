using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Derive.Rows;
using Tape.Derive.Sealing;
using Tape.Storage.Journal;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.TestKit.Files;
using Tape.TestKit.Vaults;

namespace Tape.Derive.Tests.Sealing;

/// <summary>Folders of a vault that lead elsewhere: nothing there is deleted, renamed or read, whichever entry asks for it.</summary>
public sealed class LinkedFolderTests : IDisposable
{
    private const string Day = "raw/v1/trades/venue=binance/date=2026-11-21";
    private const string Range = "\"tape\":\"0000000000abcdef\",\"from_seq\":0,\"to_seq_excl\":10,\"decoder\":\"0\"";

    private readonly TemporaryFolder _root = new();

    private string Vault => _root["vault"];

    public void Dispose() => _root.Dispose();

    /// <summary>A pending replacement is forgotten, a replaced seal set aside, parts that were merged are deleted.</summary>
    [UnixFact]
    public void Recovery_touches_nothing_behind_a_link()
    {
        foreach (var lines in new string[][]
        {
            [Seal("seal", 1, "a")],
            [Seal("seal", 1, "a"), Commit(1), Seal("supersede", 2, "b", ",\"replaces\":1,\"generation\":1"), Commit(2)],
            [Seal("seal", 1, "a"), Commit(1), Seal("fold", 2, "b"), Commit(2)],
            [Seal("seal", 1, "a"), Commit(1), Seal("fold", 2, "b")],
        })
            foreach (var link in new[] { Day, "raw/v1/trades", "raw/v1", $"{Day}/a.parquet" })
            {
                if (link.EndsWith("a.parquet", StringComparison.Ordinal) && lines.Length == 3) continue; // Only b is touched then.
                var outside = Fill(link);
                ForgedLog.Put(PartPath.SealLog(Vault), lines);
                using (var log = SealLog.Open(TestDisk.Files, Vault, Owner))
                    Assert.True(Record.Exception(() => GenerationRecovery.Run(TestDisk.Files, Vault, log, RowDeriver.DecoderVersion)) is DamagedException,
                        $"{link} was followed for {lines[^1]}");
                Assert.All(outside, file => Assert.Equal("outside", File.ReadAllText(file)));
                Clear();
            }
    }

    [UnixFact]
    public void Archives_and_work_space_behind_a_link_are_not_cleared()
    {
        foreach (var link in new[] { "raw/seals", "raw" })
        {
            var outside = Fill(link);
            Assert.Throws<DamagedException>(() => SealLog.Open(TestDisk.Files, Vault, Owner));
            Assert.All(outside, file => Assert.Equal("outside", File.ReadAllText(file)));
            Clear();
        }

        var work = Fill("tmp");
        using var sealLog = SealLog.Open(TestDisk.Files, Vault, Owner);
        Assert.Throws<DamagedException>(() => new SealStep(TestDisk.Files, Vault, sealLog, new TextPartWriter()).Clean());
        Assert.All(work, file => Assert.Equal("outside", File.ReadAllText(file)));
    }

    private static OwnerInfo Owner => new("tests", 1, new UnixNanos(0));

    private static string Seal(string kind, int id, string part, string more = "") =>
        $$"""{"entry":"{{kind}}","id":{{id}},{{Range}},"files":[{{ForgedLog.SealedFile($"{Day}/{part}.parquet")}}],"streams":[]{{more}}}""";

    private static string Commit(int id) => $$"""{"entry":"commit","id":{{id}}}""";

    private void Clear()
    {
        foreach (var folder in Directory.GetDirectories(_root.Path)) Directory.Delete(folder, recursive: true);
    }

    /// <summary>A vault in which one folder or file is a link to the same outside.</summary>
    /// <returns>The files outside.</returns>
    private string[] Fill(string link)
    {
        var outside = _root["outside"];
        var at = Path.Combine(Vault, link);
        Directory.CreateDirectory(Path.GetDirectoryName(at)!);
        Directory.CreateDirectory(outside);
        var isFile = link.EndsWith(".parquet", StringComparison.Ordinal);
        var inner = link == "tmp" || link == "raw/seals" || isFile ? "" : Path.GetRelativePath(link, Day);
        var folder = link == "raw" ? outside : Path.Combine(outside, inner == "." ? "" : inner);
        Directory.CreateDirectory(folder);
        string[] files = [.. new[] { "a.parquet", "b.parquet", "seal-1.parquet", "x.log.br" }.Select(name => Path.Combine(folder, name))];
        foreach (var file in files) File.WriteAllText(file, "outside");
        if (isFile) File.CreateSymbolicLink(at, files[0]);
        else Directory.CreateSymbolicLink(at, outside);
        return files;
    }
}
