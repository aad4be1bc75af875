using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Storage.Answers;
using Tape.Storage.Tapes;
using Tape.Storage.Tests.Tapes;
using Tape.TestKit.Files;
using Tape.TestKit.Time;

namespace Tape.Storage.Tests.Answers;

public sealed class AnswersLogTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    private string Vault => _root["vault"];

    [Fact]
    public void A_vault_without_answers_has_none() => Assert.Empty(AnswersLog.Read(TestDisk.Files, Vault));

    [Fact]
    public void Answers_come_back_byte_for_byte_with_what_was_asked()
    {
        byte[][] bodies = ["{}"u8.ToArray(), [], Enumerable.Range(0, 5000).Select(n => (byte)n).ToArray(), Noise(4000),
            Encoding.UTF8.GetBytes(new string('7', 3_000_000))];
        using (var writer = Open())
            for (var n = 0; n < bodies.Length; n++) Assert.Equal(n, writer.Append(Head(n), bodies[n]));
        var read = AnswersLog.Read(TestDisk.Files, Vault).ToList();
        Assert.Equal(bodies.Length, read.Count);
        Assert.All(bodies.Zip(read), pair => Assert.True(pair.First.AsSpan().SequenceEqual(pair.Second.Body())));
        Assert.Equal(Enumerable.Range(0, bodies.Length).Select(n => (Head(n).Url, Head(n).Status, Head(n).SentAt, Head(n).ReceivedAt)),
            read.Select(answer => (answer.Head.Url, answer.Head.Status, answer.Head.SentAt, answer.Head.ReceivedAt)));
        Assert.True(read[^1].Packed.Length < 1000);
    }

    [Fact]
    public void An_answer_that_says_the_same_leaves_a_record_without_its_body()
    {
        using (var writer = Open())
        {
            writer.Append(Head(0), Noise(2000));
            writer.Append(Head(1) with { SameAs = 0 }, Noise(2100));
        }
        var same = AnswersLog.Read(TestDisk.Files, Vault).Last();
        Assert.Equal((0L, 2100L, 0), (same.Head.SameAs, same.Head.BodyBytes, same.Packed.Length));
        Assert.Empty(same.Body());
    }

    [Fact]
    public void Two_writers_are_refused_by_name_while_the_tape_stays_free()
    {
        using var writer = Open();
        var fault = Assert.Throws<OwnedElsewhereException>(Open);
        Assert.Contains("the answers log is being written by tests, process 4711", fault.Message, StringComparison.Ordinal);
        TapeWriter.Open(TestDisk.Files, _root["vault", "tape"], new TapeOptions(), new FakeTime(), new Random(1), TapeFixture.Owner).Dispose();
    }

    [Fact]
    public void A_coding_of_a_newer_version_is_named()
    {
        using (var log = TapeWriter.Open(TestDisk.Files, AnswersLog.Folder(Vault), new TapeOptions(), new FakeTime(), new Random(1), TapeFixture.Owner))
        {
            log.Append(RecordKind.Answer, 0, new UnixNanos(1), [.. Sized(Head(0) with { Coding = "zstd", BodyBytes = 3 }), 1, 2]);
            log.Append(RecordKind.Answer, 0, new UnixNanos(2), [255, 0, 0, 0]);
            log.Commit();
        }
        var fault = Assert.Throws<DamagedException>(() => AnswersLog.Read(TestDisk.Files, Vault).First().Body());
        Assert.Contains("record 0", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'zstd'", fault.Message, StringComparison.Ordinal);
        Assert.Throws<DamagedException>(() => AnswersLog.Read(TestDisk.Files, Vault).Count());
    }

    [Fact]
    public void Damage_says_that_it_is_in_this_log_and_new_answers_go_into_a_new_segment()
    {
        using (var writer = Open())
            for (var n = 0; n < 3; n++) writer.Append(Head(n), Noise(500));
        var path = Directory.GetFiles(AnswersLog.Folder(Vault), "*.tape").Single();
        var bytes = File.ReadAllBytes(path);
        bytes[200] ^= 1;
        File.WriteAllBytes(path, bytes);
        using (var writer = Open()) writer.Append(Head(3), Noise(500));
        Assert.Equal(bytes, File.ReadAllBytes(path));
        var fault = Assert.Throws<DamagedException>(() => AnswersLog.Read(TestDisk.Files, Vault).Count());
        Assert.StartsWith("answers log: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'answers' away", fault.Hint, StringComparison.Ordinal);
    }

    /// <summary>The file was made once by this version and is never rewritten.</summary>
    [Fact]
    public void The_golden_log_is_read_as_it_was_written()
    {
        PutGolden();
        var read = AnswersLog.Read(TestDisk.Files, Vault).ToList();
        Assert.Equal(GoldenBodies(), read.Select(answer => answer.Body()));
        Assert.Equal([null, "brotli", null], read.Select(answer => answer.Head.Coding));
        Assert.Equal([null, null, 1L], read.Select(answer => answer.Head.SameAs));
        Assert.Equal([(1, 200), (2, 200), (3, 200)], read.Select(answer => (answer.Head.Tries, answer.Head.Status)));
    }

    [Fact]
    public void A_reader_written_from_the_page_alone_reads_the_golden_log()
    {
        var bodies = DocumentReader.ReadSegment(PutGolden()).Where(record => record.Kind == 6).Select(record =>
        {
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(record.Payload);
            var head = JsonDocument.Parse(record.Payload.AsMemory(4, length)).RootElement;
            Assert.Equal("instruments", head.GetProperty("request").GetString());
            using var packed = new MemoryStream(record.Payload, 4 + length, record.Payload.Length - 4 - length);
            if (!head.TryGetProperty("coding", out _)) return packed.ToArray();
            using var plain = new MemoryStream();
            using (var brotli = new BrotliStream(packed, CompressionMode.Decompress)) brotli.CopyTo(plain);
            Assert.Equal(head.GetProperty("body_bytes").GetInt64(), plain.Length);
            return plain.ToArray();
        });
        Assert.Equal(GoldenBodies(), bodies);
    }

    public void Dispose() => _root.Dispose();

    private static byte[][] GoldenBodies() =>
        ["{\"symbols\":[]}"u8.ToArray(), Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 300).Select(n => $"[{n}]"))), []];

    private static long GoldenId => new Random(1).NextInt64(1, long.MaxValue);

    private static string GoldenPath([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "Golden", "answers-v1.tape");

    private string PutGolden()
    {
        Directory.CreateDirectory(AnswersLog.Folder(Vault));
        var path = Path.Combine(AnswersLog.Folder(Vault), $"{GoldenId:x16}-{0:D16}.tape");
        File.Copy(GoldenPath(), path);
        return path;
    }

    private static byte[] Sized(AnswerHead head)
    {
        var json = head.ToJson();
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
        return [.. length, .. json];
    }

    private static AnswerHead Head(int number) =>
        new("binance", "instruments", $"https://venue.test/list?n={number}", 200, 1_000_000_000 + number, 1_000_500_000 + number) { Tries = number + 1 };

    private static byte[] Noise(int bytes) => TapeFixture.Frame(bytes, bytes);

    private AnswersWriter Open() => AnswersWriter.Open(TestDisk.Files, Vault, new FakeTime(), new Random(1), TapeFixture.Owner);
}
