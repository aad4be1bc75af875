using System.IO.Compression;

namespace Tape.Storage.Tapes.Format;

/// <summary>
/// A compressed segment, read as if it were the plain file: the same bytes at the same offsets. Holds two chunks in memory: who reads on finds the next one
/// decompressed already, by another thread. Never changes, so that writing and cutting are refused and syncing has nothing to do. Not thread-safe.
/// </summary>
internal sealed class CompressedSegment : IFileHandle
{
    private readonly IFileHandle _file;
    private readonly TapeSegmentFile _segment;
    private readonly Action<string>? _salvage;
    private Chunk _present = new();
    private Chunk _ahead = new();
    private Task _inflating = Task.CompletedTask;

    private CompressedSegment(IFileHandle file, TapeSegmentFile segment, CompressedHead head, Action<string>? salvage) =>
        (_file, _segment, Head, _salvage) = (file, segment, head, salvage);

    public CompressedHead Head { get; }

    public long Length => Head.SegmentBytes;

    /// <summary>Opens a compressed segment; the file then belongs to the result.</summary>
    /// <param name="salvage">When given, a damaged chunk is told here and read as zeros; else it is an exception.</param>
    /// <exception cref="Core.Errors.DamagedException">The head is damaged. The file is closed.</exception>
    public static CompressedSegment Open(IFileHandle file, TapeSegmentFile segment, Action<string>? salvage = null)
    {
        try
        {
            return new(file, segment, CompressedHead.Read(file, segment), salvage);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <exception cref="Core.Errors.DamagedException">A chunk is damaged and nobody salvages.</exception>
    public int Read(long offset, Span<byte> buffer)
    {
        var total = 0;
        while (total < buffer.Length && offset + total < Length)
        {
            var at = offset + total;
            Load((int)(at / Head.ChunkBytes));
            var rest = _present.Plain.AsSpan((int)(at % Head.ChunkBytes), Head.PlainBytes(_present.Number) - (int)(at % Head.ChunkBytes));
            var count = Math.Min(rest.Length, buffer.Length - total);
            rest[..count].CopyTo(buffer[total..]);
            total += count;
        }
        return total;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes) => throw Refused();

    public void Sync()
    {
        // It was durable before it had its name.
    }

    public void SetLength(long length) => throw Refused();

    public void Dispose()
    {
        _inflating.Wait();
        _file.Dispose();
    }

    private void Load(int number)
    {
        if (number == _present.Number) return;
        var goesOn = number == _present.Number + 1;
        _inflating.Wait();
        if (_ahead.Number == number) (_present, _ahead) = (_ahead, _present);
        else Inflate(_present, number);
        if (_present.Fault is { } fault) GiveUp(_present, fault);
        if (goesOn && number + 1 < Head.Chunks.Length) _inflating = Task.Run(() => InflateAhead(number + 1));
    }

    private void InflateAhead(int number)
    {
        try
        {
            Inflate(_ahead, number);
        }
        catch (Exception)
        {
            // Nobody has asked for this chunk yet. Who does reads it again and meets what is wrong himself.
            _ahead.Number = -1;
        }
    }

    /// <summary>Reads a chunk as zeros where somebody salvages, else refuses it.</summary>
    private void GiveUp(Chunk chunk, string fault)
    {
        var (number, plainBytes, offset) = (chunk.Number, Head.PlainBytes(chunk.Number), Head.Chunks[chunk.Number].Offset);
        if (_salvage is null)
        {
            chunk.Number = -1;
            throw TapeDamageText.Exception(_segment.CompressedPath, offset, fault);
        }

        _salvage($"{Path.GetFileName(_segment.CompressedPath)}: at byte {offset}: found {fault}; bytes {(long)number * Head.ChunkBytes} to "
            + $"{(long)number * Head.ChunkBytes + plainBytes} of the segment are lost");
        chunk.Plain.AsSpan(0, plainBytes).Clear();
    }

    private void Inflate(Chunk chunk, int number)
    {
        chunk.Number = -1;
        var (entry, plainBytes) = (Head.Chunks[number], Head.PlainBytes(number));
        if (chunk.Plain.Length < plainBytes) chunk.Plain = new byte[plainBytes];
        if (chunk.Packed.Length < entry.Bytes) chunk.Packed = new byte[entry.Bytes];
        chunk.Fault = Inflate(entry, chunk.Packed, chunk.Plain.AsSpan(0, plainBytes));
        chunk.Number = number;
    }

    private string? Inflate(CompressedChunk entry, byte[] buffer, Span<byte> plain)
    {
        var packed = buffer.AsSpan(0, _file.Read(entry.Offset, buffer.AsSpan(0, entry.Bytes)));
        if (packed.Length < entry.Bytes) return $"{packed.Length} bytes of a chunk, expected {entry.Bytes}";
        if (!BrotliDecoder.TryDecompress(packed, plain, out var count) || count != plain.Length)
            return $"a chunk that is no Brotli stream of {plain.Length} bytes";
        var crc = Crc32C.Of(plain);
        return crc == entry.Crc ? null : $"a chunk whose bytes have checksum {crc:x8}, expected {entry.Crc:x8}";
    }

    /// <summary>A chunk as the plain file has it, and what it was made from. Used by one thread at a time.</summary>
    private sealed class Chunk
    {
        /// <summary>Its number; -1 when there is none.</summary>
        public int Number { get; set; } = -1;

        public byte[] Plain { get; set; } = [];

        public byte[] Packed { get; set; } = [];

        /// <summary>What is wrong with it; null when its bytes are good.</summary>
        public string? Fault { get; set; }
    }

    private InvalidOperationException Refused() => new($"{_segment.CompressedPath} is a compressed segment, which never changes");
}
