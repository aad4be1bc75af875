namespace Tape.Storage.Tapes.Format;

/// <summary>What stands at a place of a segment where a block should begin.</summary>
internal enum BlockOutcome
{
    /// <summary>A whole block with right checksums.</summary>
    Good,

    /// <summary>The end of the file, exactly.</summary>
    End,

    /// <summary>The beginning of a block whose rest is not there (yet).</summary>
    Unfinished,

    /// <summary>Something else.</summary>
    Bad,
}

/// <summary>Reads and checks one block at a time into a buffer that it keeps and grows to the longest block (64 MiB at most). Not thread-safe.</summary>
internal sealed class BlockReader(long tapeId)
{
    private readonly byte[] _head = new byte[BlockHeader.Bytes];
    private byte[] _payload = new byte[64 << 10];
    private BlockHeader _header;

    /// <summary>The header of the last block that was good, or unfinished with a whole header.</summary>
    public ref readonly BlockHeader Header => ref _header;

    /// <summary>The records of the last good block; valid until the next read.</summary>
    public ReadOnlySpan<byte> Payload => _payload.AsSpan(0, _header.PayloadBytes);

    /// <summary>What was found instead of a good block, with what was expected.</summary>
    public string Found { get; private set; } = "";

    /// <summary>Reads and checks a whole block.</summary>
    public BlockOutcome Read(IFileHandle file, long offset)
    {
        var outcome = ReadHeader(file, offset);
        if (outcome != BlockOutcome.Good) return outcome;
        if (_payload.Length < _header.PayloadBytes)
            _payload = new byte[Math.Max(_header.PayloadBytes, Math.Min(_payload.Length * 2, TapeFormat.BlockBytesMax))];
        var count = file.Read(offset + BlockHeader.Bytes, _payload.AsSpan(0, _header.PayloadBytes));
        if (count < _header.PayloadBytes) return Other(BlockOutcome.Unfinished, $"{count} bytes of a block's records, expected {_header.PayloadBytes}");
        var crc = Crc32C.Of(Payload);
        return crc == _header.PayloadCrc
            ? BlockOutcome.Good : Other(BlockOutcome.Bad, $"a block whose records have checksum {crc:x8}, expected {_header.PayloadCrc:x8}");
    }

    /// <summary>Reads and checks a block's header only; whether its records are there and whole is not looked at.</summary>
    public BlockOutcome ReadHeader(IFileHandle file, long offset)
    {
        var count = file.Read(offset, _head);
        if (count == 0) return BlockOutcome.End;
        if (count < BlockHeader.Bytes) return Other(BlockOutcome.Unfinished, $"{count} bytes of a block header, expected {BlockHeader.Bytes}");
        if (BlockHeader.Fault(_head, tapeId) is { } fault) return Other(BlockOutcome.Bad, fault);
        _header = BlockHeader.Read(_head);
        return BlockOutcome.Good;
    }

    private BlockOutcome Other(BlockOutcome outcome, string found)
    {
        Found = found;
        return outcome;
    }
}
