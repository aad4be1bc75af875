namespace Tape.Storage.Tapes.Format;

/// <summary>Steps through the records of a checked block. Holds positions only; the bytes are passed in, so that nothing is allocated.</summary>
internal struct RecordCursor
{
    private int _position;
    private long _connection;
    private long _time;

    /// <summary>Records not read yet.</summary>
    public int Left { get; private set; }

    /// <summary>Number of the next record.</summary>
    public long NextSeq { get; private set; }

    public RecordCursor(in BlockHeader header)
    {
        Left = header.Records;
        NextSeq = header.FirstSeq;
        _time = header.FirstTime;
    }

    /// <summary>Reads the next record; the caller has seen that <see cref="Left"/> is not 0.</summary>
    /// <returns>Null, or what is wrong: then the writer had a fault, as the checksum was right.</returns>
    public string? Read(ReadOnlySpan<byte> payload, out TapeRecord record)
    {
        record = default;
        if (_position >= payload.Length) return $"record {NextSeq} missing, expected {Left} more";
        var kind = (RecordKind)payload[_position++];
        if (!Varint.TryRead(payload, ref _position, out var length) || !Varint.TryRead(payload, ref _position, out var connection)
            || !Varint.TryRead(payload, ref _position, out var time))
            return $"record {NextSeq} with a broken number before byte {_position} of the block's records";
        if (length > (ulong)(payload.Length - _position)) return $"record {NextSeq} of {length} bytes, expected at most {payload.Length - _position}";
        _connection = unchecked(_connection + Varint.Unzigzag(connection));
        _time = unchecked(_time + Varint.Unzigzag(time));
        record = new TapeRecord(NextSeq, kind, _connection, new UnixNanos(_time), payload.Slice(_position, (int)length));
        _position += (int)length;
        NextSeq++;
        Left--;
        return Left == 0 && _position != payload.Length
            ? $"{payload.Length - _position} bytes after record {NextSeq - 1}, expected the end of the block" : null;
    }
}
