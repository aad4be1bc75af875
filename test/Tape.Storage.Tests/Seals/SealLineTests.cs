using System.Text;
using System.Text.Json;
using Tape.Storage.Seals;

namespace Tape.Storage.Tests.Seals;

public sealed class SealLineTests
{
    [Fact]
    public void Fields_of_newer_programs_are_passed_over()
    {
        var json = """{"entry":"seal","id":3,"new":{"a":[1,{"b":2}]},"tape":"ab","from_seq":1,"to_seq_excl":2,"decoder":"1","files":[{"table":"trades","newer":[[]],"venue":"okx","day":"2026-11-21","path":"p","rows":1,"bytes":2,"hash":"h","received_min":3,"received_max":4}],"streams":[],"state":null}"""u8;
        var seal = Assert.IsType<FirstSealEntry>(SealLogContent.Format.Read(json));
        Assert.Equal((3L, "ab", 1L, 2L), (seal.Id, seal.Tape, seal.FromSeq, seal.ToSeqExcl));
        Assert.Equal(new SealedFile("trades", "okx", new DateOnly(2026, 11, 21), "p", 1, 2, "h", 3, 4), Assert.Single(seal.Files));
        Assert.Null(seal.State);
    }

    [Theory]
    [InlineData("""{"entry":"seal","id":"3"}""")]
    [InlineData("""{"entry":"seal","files":{}}""")]
    [InlineData("""{"entry":"seal","streams":[1]}""")]
    [InlineData("""{"entry":"seal","tape":5}""")]
    public void What_is_no_seal_is_refused(string json) => Assert.Throws<JsonException>(() => SealLogContent.Format.Read(Encoding.UTF8.GetBytes(json)));
}
