using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Tape.Storage.Tapes.Format;
using Tape.Storage.Tests.Tapes;

namespace Tape.Storage.Tests.Retention;

/// <summary>The golden file holds version 1 of the compressed form of the golden tape: it was made once and is never rewritten.</summary>
public sealed class GoldenCompressedTests
{
    private static readonly string Golden = Path.Combine(Folder(), "..", "Golden");

    [Fact]
    public void The_golden_compressed_tape_is_read_as_the_plain_one()
    {
        var name = Name();
        using var plain = new TapeFixture();
        using var packed = new TapeFixture();
        Directory.CreateDirectory(plain.Folder);
        Directory.CreateDirectory(packed.Folder);
        File.Copy(Path.Combine(Golden, "tape-v1.tape"), Path.Combine(plain.Folder, name));
        File.Copy(Path.Combine(Golden, "tape-v1.tapez"), Path.Combine(packed.Folder, Path.ChangeExtension(name, TapeFormat.CompressedSuffix)));
        Assert.Equal(plain.ReadAll(), packed.ReadAll());
        Assert.True(packed.Verify().IsGood);
    }

    [Fact]
    public void A_reader_written_from_the_page_alone_gets_the_plain_bytes()
    {
        var file = File.ReadAllBytes(Path.Combine(Golden, "tape-v1.tapez"));
        Assert.Equal("TAPEZIP\n"u8.ToArray(), file[..8]);
        var (length, chunks) = (BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(32)), BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(44)));
        using var plain = new MemoryStream();
        var at = 96 + 8 * chunks;
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            var bytes = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(64 + 8 * chunk));
            using var brotli = new BrotliStream(new MemoryStream(file, at, bytes), CompressionMode.Decompress);
            brotli.CopyTo(plain);
            at += bytes;
        }
        Assert.Equal((file.Length, length), (at, plain.Length));
        Assert.Equal(file[(64 + 8 * chunks)..(96 + 8 * chunks)], SHA256.HashData(plain.ToArray()));
        Assert.Equal(File.ReadAllBytes(Path.Combine(Golden, "tape-v1.tape")), plain.ToArray());
    }

    private static string Name()
    {
        SegmentHeader.Read("golden", File.ReadAllBytes(Path.Combine(Golden, "tape-v1.tape")).AsSpan(0, SegmentHeader.Bytes), out var header);
        return TapeFormat.SegmentName(header.TapeId, header.FirstSeq);
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
