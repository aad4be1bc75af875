using System.Text;
using System.Text.Json;
using Tape.Storage.Seals;
using Xunit.Abstractions;

namespace Tape.Storage.Tests.Seals;

/// <summary>The reader of seals against the general one, whose text it must understand the same way.</summary>
public sealed class SealReaderTests(ITestOutputHelper output)
{
    [Fact]
    public void Any_seal_is_read_as_the_general_reader_reads_it()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var chance = new Random(seed);
        var reader = new SealReader();
        for (var count = 0; count < 500; count++)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes<SealLogEntry>(Seal(chance), SealJson.Default.SealLogEntry);
            Assert.True(SealReader.IsSeal(json));
            var expected = (SealEntry)JsonSerializer.Deserialize(json, SealJson.Default.SealLogEntry)!;
            AssertSame(expected, reader.Read(json), $"seed {seed}, seal {count}: {Encoding.UTF8.GetString(json)}");
        }
    }

    [Fact]
    public void Fields_of_newer_programs_are_passed_over()
    {
        var json = """{"entry":"seal","id":3,"new":{"a":[1,{"b":2}]},"tape":"ab","from_seq":1,"to_seq_excl":2,"decoder":"1","files":[{"table":"trades","newer":[[]],"venue":"okx","day":"2026-11-21","path":"p","rows":1,"bytes":2,"hash":"h","received_min":3,"received_max":4}],"streams":[],"state":null}"""u8;
        var seal = new SealReader().Read(json);
        Assert.Equal((3L, "ab", 1L, 2L), (seal.Id, seal.Tape, seal.FromSeq, seal.ToSeqExcl));
        Assert.Equal(new SealedFile("trades", "okx", new DateOnly(2026, 11, 21), "p", 1, 2, "h", 3, 4), Assert.Single(seal.Files));
        Assert.Null(seal.State);
    }

    [Theory]
    [InlineData("""{"entry":"seal","id":"3"}""")]
    [InlineData("""{"entry":"seal","files":{}}""")]
    [InlineData("""{"entry":"seal","streams":[1]}""")]
    [InlineData("""{"entry":"seal","tape":5}""")]
    public void What_is_no_seal_is_refused(string json) => Assert.Throws<JsonException>(() => new SealReader().Read(Encoding.UTF8.GetBytes(json)));

    private static void AssertSame(SealEntry expected, SealEntry found, string when)
    {
        Assert.True(expected.Files.SequenceEqual(found.Files), when);
        Assert.True(expected.Streams.SequenceEqual(found.Streams), when);
        Assert.True((expected.Faults ?? []).SequenceEqual(found.Faults ?? []) && expected.Faults is null == found.Faults is null, when);
        Assert.Equal(expected.State?.GetRawText(), found.State?.GetRawText());
        Assert.Equal(expected with { Files = [], Streams = [], Faults = null, State = null },
            found with { Files = [], Streams = [], Faults = null, State = null });
    }

    private static SealEntry Seal(Random chance)
    {
        var files = Enumerable.Range(0, chance.Next(4))
            .Select(_ => new SealedFile(Name(chance), Name(chance), DateOnly.FromDayNumber(chance.Next(700_000, 740_000)), Name(chance), chance.NextInt64(),
            chance.NextInt64(), Name(chance), -chance.NextInt64(), chance.NextInt64())
            {
                Checksum = chance.Next(2) == 0 ? null : Name(chance),
            });
        var streams = Enumerable.Range(0, chance.Next(6))
            .Select(_ => new StreamStatistics(Name(chance), Name(chance), Name(chance), chance.Next(), chance.Next(),
            chance.Next(2) == 0 ? null : chance.NextInt64(), chance.Next(2) == 0 ? null : chance.NextInt64(), chance.Next()));
        var faults = Enumerable.Range(0, chance.Next(1, 3)).Select(_ => new SealedFault(chance.Next(), chance.Next(), Name(chance)));
        var state = chance.Next(2) == 0
            ? (JsonElement?)null : JsonSerializer.SerializeToElement(new { connections = new[] { chance.Next(), chance.Next() }, text = Name(chance) });
        return new(chance.Next(), Name(chance), chance.Next(), chance.Next(), Name(chance), [.. files], [.. streams], state)
        {
            Generation = chance.Next(3),
            Undecodable = chance.Next(3),
            Faults = chance.Next(2) == 0 ? null : [.. faults],
        };
    }

    private static string Name(Random chance) => new[] { "trades", "binance", "币安", "with \"quotes\" and \\", "", "btcusdt@aggTrade", "\n" }[chance.Next(7)];
}
